import {bar, byId, clock, facts, fill, make, pace, pill, playerAddress, short, since, times, watch} from './page.js';

const SEGMENTS = 24;
const cards = new Map();

watch({segments: SEGMENTS}, snapshot => {
  const {node} = snapshot;
  byId('role').textContent = node.role;
  pill(byId('ready'), node.ready ? 'ready' : 'not ready', node.ready ? 'good' : 'bad');
  byId('obstacles').hidden = node.ready;
  fill(byId('obstacles'), ...node.obstacles.map(line => make('li', {}, line)));
  showStreams(snapshot);
  showSessions(snapshot);
  fill(byId('warnings'), ...(snapshot.warnings.length
    ? snapshot.warnings.map(warning => make('li', {}, make('time', {}, clock(warning.at)), make('span', {}, warning.text)))
    : [make('li', {class: 'muted'}, 'None.')]));
  facts(byId('node'), [
    ['Role', node.role],
    ['Version', node.version],
    ...Object.entries(node.addresses).map(([name, address]) => [name, make('code', {}, address)]),
    ['Data', node.data && make('code', {}, node.data)],
    ['Process', String(node.pid)],
  ]);
});

function showStreams({streams, node, now}) {
  const empty = byId('no-streams');
  empty.hidden = streams.length > 0;
  const {rtmp, http} = node.addresses;
  fill(empty, rtmp || http ? 'No stream yet. Publish one, for example to ' : 'This node has no streams of its own.',
    ...(rtmp || http ? [make('code', {}, rtmp ? rtmp + '/NAME' : http + '/live/NAME/0.ts')] : []));
  byId('streams').hidden = streams.length === 0;
  const names = streams.map(stream => stream.name);
  for (const [name, card] of cards) {
    if (!names.includes(name)) {
      card.remove();
      cards.delete(name);
    }
  }
  streams.forEach((stream, place) => {
    if (!cards.has(stream.name)) cards.set(stream.name, make('a', {class: 'panel card', href: playerAddress(stream.name)}));
    const card = cards.get(stream.name);
    fill(card, ...inside(stream, now));
    if (byId('streams').children[place] !== card) byId('streams').insertBefore(card, byId('streams').children[place] ?? null);
  });
}

function inside(stream, now) {
  const recent = stream.recent;
  const good = recent.filter(segment => segment.outcome === 'transcoded');
  const orchestrators = [...new Set(recent.map(segment => segment.orchestrator).filter(Boolean))];
  const state = make('span', {class: stream.live ? 'pill good live' : 'pill'}, stream.live ? 'live' : 'ended');
  const spark = make('div', {class: 'spark'}, ...recent.map(bar));
  const mean = good.length ? good.reduce((sum, segment) => sum + pace(segment), 0) / good.length : null;
  return [
    make('div', {class: 'head'}, make('strong', {}, stream.name), state),
    make('div', {class: 'chips'}, ...stream.renditions.map(name => make('span', {class: 'chip'}, name))),
    ...(recent.length ? [spark] : []),
    make('div', {class: 'foot'},
      make('span', {}, [stream.origin, short(stream.orchestrator || orchestrators.at(-1))].filter(Boolean).join(' · ')),
      make('span', {}, mean === null ? '' : times(mean) + ' real time')),
    make('div', {class: 'foot'},
      make('span', {}, `${stream.segments} segments` + (stream.dropped ? `, ${stream.dropped} dropped` : '')),
      make('span', {}, since(stream.since, stream.ended || now)))];
}

function showSessions({sessions, now}) {
  byId('sessions-section').hidden = sessions.length === 0;
  const cell = (label, value, kind = 'n') => make('td', {class: kind, 'data-label': label}, value);
  fill(byId('sessions'), ...sessions.map(session => make('tr', {},
    cell('Stream', session.manifest || '–', ''),
    cell('Session', make('code', {}, session.session), ''),
    cell('Segments', session.segments),
    cell('Waiting', session.queued),
    cell('Failed', session.failed),
    cell('Last job', session.lastSeconds ? times(session.lastWorkSeconds / session.lastSeconds) + ' real time' : '–'),
    cell('Since', since(session.since, now)))));
}
