import {bar, byId, change, clock, facts, fill, keep, make, pill, playerAddress, short, since, size, speed, times, timesOnly, watch} from './page.js';

const SEGMENTS = 24;
const cards = new Map();
// Inside the web console somebody has signed in: there the node can be changed.
const signedIn = location.search === '?console';
byId('console').hidden = signedIn;
byId('forms').hidden = !signedIn;
document.querySelector('.brand').hidden = signedIn;
byId('drain').addEventListener('click', () => ask('Drain this node? New streams are refused, running ones may end, then it stops.',
  'POST', '/api/node/drain'));

async function ask(question, method, path) {
  if (!confirm(question)) return;
  byId('said').textContent = await change(method, path);
  byId('said').hidden = false;
}

function button(name, question, method, path) {
  const element = make('button', {}, name);
  element.addEventListener('click', () => ask(question, method, path));
  return element;
}

watch({segments: SEGMENTS}, snapshot => {
  const {node} = snapshot;
  byId('role').textContent = node.role;
  pill(byId('ready'), node.draining ? 'draining' : node.ready ? 'ready' : 'not ready', node.ready ? 'good' : 'bad');
  byId('drain').hidden = !signedIn || node.draining;
  byId('obstacles').hidden = node.obstacles.length + node.cautions.length === 0;
  fill(byId('obstacles'), ...node.obstacles.map(line => make('li', {class: 'bad'}, line)),
    ...node.cautions.map(line => make('li', {}, line)));
  showFigures(snapshot);
  showStreams(snapshot);
  showOrchestrators(snapshot);
  showSessions(snapshot);
  fill(byId('warnings'), ...(snapshot.warnings.length
    ? snapshot.warnings.map(warning => make('li', {}, make('time', {}, clock(warning.at)), make('span', {}, warning.text)))
    : [make('li', {class: 'muted'}, 'None.')]));
  facts(byId('node'), [
    ['Role', node.role],
    ['Version', node.version],
    ...Object.entries(node.addresses).map(([name, address]) => [name, make('code', {}, address)]),
    ...Object.entries(node.budgets).map(([name, {usedMegabytes, limitMegabytes}]) =>
      [name === 'heap' ? 'Heap budget' : 'Codec budget', `${usedMegabytes} of ${limitMegabytes} MB`]),
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
    if (!cards.has(stream.name)) cards.set(stream.name, make('article', {class: 'panel card'}));
    const card = cards.get(stream.name);
    refresh(card, stream, inside(stream, now));
    if (byId('streams').children[place] !== card) byId('streams').insertBefore(card, byId('streams').children[place] ?? null);
  });
}

/** As fill does, but a button that is there stays the same one: it has its listener, and perhaps the pointer. */
function refresh(card, stream, children) {
  const held = card.querySelector('.head');
  const same = held && held.dataset.live === String(stream.live);
  children[0].dataset.live = stream.live;
  if (same) children[0] = held;
  card.replaceChildren(...children);
}

function inside(stream, now) {
  const recent = stream.recent;
  const good = recent.filter(segment => segment.outcome === 'transcoded');
  const orchestrators = [...new Set(recent.map(segment => segment.orchestrator).filter(Boolean))];
  const state = make('span', {class: stream.live ? 'pill good live' : 'pill'}, stream.live ? 'live' : 'ended');
  const spark = make('div', {class: 'spark'}, ...recent.map(bar));
  return [
    make('div', {class: 'head'},
      // The player is no page of the console: it takes the whole window.
      make('a', {href: playerAddress(stream.name), target: signedIn ? '_top' : '', title: stream.name}, stream.name), state,
      ...(signedIn && stream.live ? [button('End', `End the stream ${stream.name}?`, 'DELETE', '/api/streams/' + encodeURIComponent(stream.name))] : [])),
    make('div', {class: 'chips'}, ...stream.renditions.map(name => make('span', {class: 'chip'}, name))),
    ...(recent.length ? [spark] : []),
    make('div', {class: 'foot'},
      make('span', {}, [stream.origin, short(stream.orchestrator || orchestrators.at(-1))].filter(Boolean).join(' · ')),
      make('span', {}, good.length ? times(speed(good)) : '')),
    make('div', {class: 'foot'},
      make('span', {}, `${stream.segments} segments` + (stream.dropped ? `, ${stream.dropped} dropped` : '')),
      make('span', {}, since(stream.since, stream.ended || now)))];
}

let before = null;

/** Processors that the node kept busy since the snapshot before. */
function busy({load, now}) {
  if (load.cpuMillis === null) return null;
  const last = before ?? {now: now - 1, cpuMillis: load.cpuMillis};
  before = {now, cpuMillis: load.cpuMillis};
  return Math.max(0, load.cpuMillis - last.cpuMillis) / Math.max(1, now - last.now);
}

function showFigures(snapshot) {
  const {streams, sessions, node, load} = snapshot;
  const live = streams.filter(stream => stream.live);
  const done = live.flatMap(stream => stream.recent).filter(segment => segment.outcome === 'transcoded');
  const processors = busy(snapshot);
  figures([
    ...(node.role === 'orchestrator' ? [] : [
      ['Live streams', live.length],
      ['In work', live.reduce((sum, stream) => sum + stream.inFlight, 0)],
      ['Dropped', live.reduce((sum, stream) => sum + stream.dropped, 0)],
      ['× real time', timesOnly(speed(done))],
    ]),
    ...(node.maxSessions || sessions.length ? [
      ['Sessions', sessions.length + (node.maxSessions ? ' of ' + node.maxSessions : '')],
      ['Failed', sessions.reduce((sum, session) => sum + session.failed, 0)],
    ] : []),
    ['Processors', processors === null ? '' : processors.toFixed(1) + ' of ' + load.processors],
    ['Memory', load.residentBytes ? size(load.residentBytes) : ''],
  ]);
}

/** As facts, each with its term above it. */
function figures(entries) {
  fill(byId('figures'), ...entries.filter(([, value]) => value !== '')
    .map(([term, value]) => make('div', {}, make('dt', {}, term), make('dd', {}, value))));
}

function showOrchestrators({streams}) {
  const used = new Map();
  for (const stream of streams.filter(each => each.live)) {
    for (const segment of stream.recent.filter(each => each.outcome === 'transcoded' && each.orchestrator)) {
      const entry = used.get(segment.orchestrator) ?? {segments: [], streams: new Set()};
      entry.segments.push(segment);
      entry.streams.add(stream.name);
      used.set(segment.orchestrator, entry);
    }
  }
  byId('orchestrators-section').hidden = used.size === 0;
  const cell = (label, value, kind = '') => make('td', {class: kind, 'data-label': label}, value);
  fill(byId('orchestrators'), ...[...used].map(([address, entry]) => make('tr', {},
    cell('Orchestrator', make('code', {}, short(address)), 'wide'),
    cell('Segments', entry.segments.length, 'n'),
    cell('× real time', timesOnly(speed(entry.segments)), 'n'),
    cell('Streams', [...entry.streams].join(', '), 'wide'))));
}

let shownBundles = '';

keep('/api/bundles', bundles => {
  const cell = (label, ...value) => make('td', {class: label === 'Bundle' ? 'wide' : '', 'data-label': label}, ...value);
  const text = JSON.stringify(bundles);
  // Buttons are made once: what is under the pointer must not be replaced each second.
  if (shownBundles === text) return;
  shownBundles = text;
  // Of the node's own only those are worth a line that are not well.
  const well = bundle => bundle.origin === 'node' && bundle.state === 'ACTIVE' && !bundle.missing.length;
  const own = bundles.filter(well);
  byId('own-bundles').textContent = `${own.length} of the node's own, all ACTIVE`;
  byId('own').replaceChildren(...own.map(bundle => make('li', {class: 'chip'}, bundle.name + ' ' + bundle.version)));
  const rows = bundles.filter(bundle => !well(bundle)).map(bundle => make('tr', {},
    cell('Bundle', make('code', {}, bundle.name), ...bundle.missing.map(line => make('div', {class: 'lack'}, line))),
    cell('Version', bundle.version),
    cell('State', make('span', {class: bundle.state === 'ACTIVE' && !bundle.missing.length ? 'pill good' : 'pill bad'}, bundle.state)),
    cell('From', bundle.origin),
    cell('', ...(signedIn && bundle.origin !== 'node' ? [bundle.state === 'ACTIVE'
      ? button('Stop', `Stop ${bundle.name}?`, 'POST', `/api/bundles/${encodeURIComponent(bundle.name)}/stop`)
      : button('Start', `Start ${bundle.name}?`, 'POST', `/api/bundles/${encodeURIComponent(bundle.name)}/start`)] : []))));
  byId('bundles').replaceChildren(...rows);
});

function showSessions({sessions, now}) {
  byId('sessions-section').hidden = sessions.length === 0;
  const cell = (label, value, kind = 'n') => make('td', {class: kind, 'data-label': label}, value);
  fill(byId('sessions'), ...sessions.map(session => make('tr', {},
    cell('Stream', session.manifest || '–', ''),
    cell('Session', make('code', {}, session.session), ''),
    cell('Segments', session.segments),
    cell('Waiting', session.queued),
    cell('Failed', session.failed),
    cell('Last job', times(speed([{seconds: session.lastSeconds ?? 0, workSeconds: session.lastWorkSeconds ?? 0}]))),
    cell('Since', since(session.since, now)))));
}
