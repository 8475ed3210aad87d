import {bar, byId, colour, facts, fill, LIMIT, make, pill, rate, seconds, short, since, size, speed, times, timesOnly, watch} from './page.js';

const SEGMENTS = 60;
const RETRY = 1000;
const SYNC = 500;
/** Small pictures jump when they are further off than this, else they run a little faster or slower. */
const JUMP = 2.5;

const name = new URLSearchParams(location.search).get('stream') ?? decoded(location.pathname.slice('/player/'.length));
byId('name').textContent = name;
document.title = name + ' · Millrace';

const main = byId('main');
let media;
let snapshotStream = null;
let startedAt = null;
let player = null;
let tiles = [];
let playing = false;
let nowPlaying = null;
let chosen = 'auto';

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// The page's policy names the port that was open when it was loaded: another one needs a new page.
document.addEventListener('securitypolicyviolation', violation => {
  if (violation.blockedURI.startsWith('http')) setTimeout(() => location.reload(), RETRY);
});

// ---- video ------------------------------------------------------------------------------------------

const address = () => media + '/stream/' + encodeURIComponent(name) + '.m3u8';

function curtain(text) {
  byId('curtain').hidden = !text;
  if (text) byId('curtain-text').textContent = text;
}

function start() {
  stop();
  if (window.Hls?.isSupported()) startHls();
  else if (main.canPlayType('application/vnd.apple.mpegurl')) startNative();
  else curtain('This browser plays no HLS.');
}

function stop() {
  player?.destroy();
  tiles.forEach(tile => tile.hls.destroy());
  player = null;
  tiles = [];
  playing = false;
  byId('wall').replaceChildren();
  byId('renditions-section').hidden = true;
  byId('switch').replaceChildren();
}

function startHls() {
  // Without a worker the page needs no script made at run time, so its policy allows none.
  // What the start took, and what a pause adds, is made up for by playing a little faster.
  player = new Hls({enableWorker: false, maxLiveSyncPlaybackRate: 1.1, backBufferLength: 30, startLevel: -1});
  player.on(Hls.Events.MANIFEST_PARSED, () => {
    showSwitch();
    showWall();
  });
  player.on(Hls.Events.FRAG_CHANGED, (event, {frag}) => {
    const number = /(\d+)\.\w+$/.exec(new URL(frag.url).pathname);
    nowPlaying = number ? Number(number[1]) : null;
    markPlaying();
  });
  player.on(Hls.Events.LEVEL_SWITCHED, markSwitch);
  player.on(Hls.Events.ERROR, (event, problem) => {
    if (!problem.fatal) return;
    if (problem.type === Hls.ErrorTypes.MEDIA_ERROR && playing) {
      player.recoverMediaError();
      return;
    }
    stop();
    waiting();
    setTimeout(() => { if (!player) start(); }, RETRY);
  });
  player.loadSource(address());
  player.attachMedia(main);
}

function startNative() {
  main.src = address();
  main.onerror = () => {
    waiting();
    setTimeout(startNative, RETRY);
  };
}

main.addEventListener('playing', () => {
  playing = true;
  curtain('');
});

function waiting() {
  if (playing) return;
  if (snapshotStream && !snapshotStream.live) curtain(`The stream ${name} has ended.`);
  else if (snapshotStream) curtain(`${name} is on its way …`);
  else curtain(`Waiting for the stream\n${name}`);
}

const levelName = level => {
  const last = new URL(level.url[0] ?? level.uri).pathname.split('/').pop();
  return decodeURIComponent(last.replace(/\.m3u8$/, '')) || level.name || level.height + 'p';
};

function showSwitch() {
  const button = (key, label, title) => {
    const made = make('button', {type: 'button', 'data-key': key, title}, label);
    made.addEventListener('click', () => choose(key));
    return made;
  };
  const levels = player.levels.map((level, index) => ({level, index})).reverse();
  byId('switch').replaceChildren(button('auto', 'Auto', 'as the connection allows'),
    ...levels.map(({level}) => button(levelName(level), levelName(level), `${level.width}×${level.height}`)));
  choose(chosen);
}

function choose(key) {
  const index = player.levels.findIndex(level => levelName(level) === key);
  chosen = index < 0 ? 'auto' : key;
  player.nextLevel = index;
  markSwitch();
}

function markSwitch() {
  const current = player?.levels[player.currentLevel];
  for (const button of byId('switch').children) {
    button.setAttribute('aria-pressed', String(button.dataset.key === chosen));
    if (button.dataset.key === 'auto') {
      button.textContent = chosen === 'auto' && current ? `Auto (${levelName(current)})` : 'Auto';
    }
  }
}

function showWall() {
  tiles.forEach(tile => tile.hls.destroy());
  tiles = player.levels.map(level => {
    const video = make('video', {playsinline: 'playsinline'});
    video.muted = true;
    const note = make('span', {});
    const hls = new Hls({enableWorker: false, liveSyncDurationCount: 3, maxBufferLength: 10, backBufferLength: 6});
    hls.loadSource(level.url[0] ?? level.uri);
    hls.attachMedia(video);
    hls.on(Hls.Events.MANIFEST_PARSED, () => video.play().catch(() => {}));
    hls.on(Hls.Events.ERROR, (event, problem) => {
      if (problem.fatal && problem.type === Hls.ErrorTypes.MEDIA_ERROR) hls.recoverMediaError();
      else if (problem.fatal) setTimeout(() => { if (tiles.some(tile => tile.hls === hls)) hls.loadSource(level.url[0] ?? level.uri); }, RETRY);
    });
    const figure = make('figure', {class: 'tile'}, video,
      make('figcaption', {}, make('b', {}, levelName(level)), note));
    return {hls, video, note, figure, level};
  }).reverse();
  byId('wall').replaceChildren(...tiles.map(tile => tile.figure));
  byId('renditions-section').hidden = tiles.length === 0;
}

/** Keeps the small pictures at the moment that the large one shows, by the wall clock in the playlists. */
setInterval(() => {
  const target = player?.playingDate?.getTime();
  for (const {hls, video} of tiles) {
    const own = hls.playingDate?.getTime();
    if (main.paused !== video.paused) {
      if (main.paused) video.pause();
      else video.play().catch(() => {});
    }
    if (!target || !own) continue;
    const behind = (target - own) / 1000;
    if (Math.abs(behind) > JUMP) {
      const wanted = video.currentTime + behind;
      const there = [...Array(video.buffered.length).keys()]
        .some(i => video.buffered.start(i) <= wanted && wanted <= video.buffered.end(i));
      if (there || behind < 0) video.currentTime = wanted;
    } else {
      video.playbackRate = Math.abs(behind) < 0.04 ? 1 : 1 + Math.max(-0.2, Math.min(0.2, behind / 2));
    }
  }
}, SYNC);

// ---- segments ---------------------------------------------------------------------------------------

/** Rows of the table that are shown before somebody asks for all. */
const FEW = 8;

const rows = new Map();
let columns = '';
let all = false;

byId('all-segments').addEventListener('click', () => {
  all = !all;
  fewOrAll();
});

function fewOrAll() {
  byId('segments').classList.toggle('few', !all);
  byId('all-segments').hidden = rows.size <= FEW;
  byId('all-segments').textContent = all ? 'Show the newest only' : `Show all ${rows.size} segments`;
}

function showSegments(recent) {
  byId('no-segments').hidden = recent.length > 0;
  const orchestrators = [...new Set(recent.map(segment => segment.orchestrator).filter(Boolean))];
  const limit = make('div', {class: 'limit'}, make('span', {}, 'as long as it plays'));
  limit.style.bottom = LIMIT;
  fill(byId('chart'), ...(recent.length ? [limit] : []), ...recent.map(segment => {
    const made = bar(segment);
    made.dataset.sequence = segment.sequence;
    if (segment.sequence === nowPlaying) made.classList.add('now');
    return made;
  }));
  byId('chart').hidden = recent.length === 0;
  const legend = orchestrators.sort().map(orchestrator => make('li', {class: colour(orchestrator)}, short(orchestrator)));
  if (recent.some(segment => segment.outcome !== 'transcoded')) legend.push(make('li', {class: 'missing'}, 'renditions missing'));
  if (recent.some(segment => segment.attempts > 1)) legend.push(make('li', {class: 'retried'}, 'more than one attempt'));
  fill(byId('legend'), ...legend);
  showRows(recent);
  markPlaying();
}

function showRows(recent) {
  const table = byId('segments');
  const renditions = [...new Set(recent.flatMap(segment => segment.renditions))];
  if (JSON.stringify(renditions) !== columns) {
    columns = JSON.stringify(renditions);
    rows.clear();
    table.tBodies[0].replaceChildren();
    const head = (text, kind = 'n') => make('th', {class: kind, scope: 'col'}, text);
    table.tHead.replaceChildren(make('tr', {}, head('Segment'), head('Video'), head('Work'), head('× real time'),
      head('source'), ...renditions.map(rendition => head(rendition)), head('By whom, and why', '')));
  }
  table.tHead.hidden = recent.length === 0;
  const wanted = new Set();
  for (const segment of recent) {
    const key = segment.sequence + '@' + segment.at;
    wanted.add(key);
    if (!rows.has(key)) {
      const made = row(segment, renditions);
      rows.set(key, made);
      const after = [...table.tBodies[0].rows].find(other => Number(other.dataset.sequence) < segment.sequence);
      table.tBodies[0].insertBefore(made, after ?? null);
    }
  }
  for (const [key, made] of rows) {
    if (!wanted.has(key)) {
      made.remove();
      rows.delete(key);
    }
  }
  fewOrAll();
}

function row(segment, renditions) {
  const good = segment.outcome === 'transcoded';
  const cell = (label, value, kind = 'n') => make('td', {class: kind, 'data-label': label}, value);
  const fast = speed([segment]);
  const why = make('td', {class: 'why', 'data-label': 'By whom, and why'},
    make('b', {}, good ? short(segment.orchestrator) : `${segment.outcome}: renditions missing`),
    ...[good ? segment.chosenBecause : segment.reason].filter(Boolean).map(text => make('div', {}, text)),
    ...segment.failures.map(failure => make('div', {class: 'failure'}, `${short(failure.orchestrator)}: ${failure.reason}`)));
  return make('tr', {class: good ? '' : 'missing', 'data-sequence': segment.sequence},
    cell('Segment', segment.sequence), cell('Video', seconds(segment.seconds)),
    cell('Work', good ? seconds(segment.workSeconds) : '–'),
    cell('× real time', good ? timesOnly(fast) : '–', good && fast !== null && fast < 1 ? 'n slow' : 'n'),
    cell('source', size(segment.sourceBytes)),
    ...renditions.map(rendition => {
      const index = segment.renditions.indexOf(rendition);
      return cell(rendition, good && index >= 0 ? size(segment.bytes[index]) : '–');
    }),
    why);
}

function markPlaying() {
  for (const element of document.querySelectorAll('[data-sequence]')) {
    element.classList.toggle('now', Number(element.dataset.sequence) === nowPlaying);
  }
}

function showFacts(stream, now) {
  const recent = stream?.recent ?? [];
  const good = recent.filter(segment => segment.outcome === 'transcoded');
  const last = good.at(-1);
  const ten = good.slice(-10);
  const mean = speed(ten);
  const missing = recent.filter(segment => segment.outcome !== 'transcoded').length;
  const delay = stream?.live && playing && player?.latency ? player.latency : 0;
  facts(byId('facts'), [
    ['By', last && make('code', {}, last.orchestrator ?? '')],
    ['Why', last?.chosenBecause],
    ['Speed', mean === null ? '' : times(mean) + (mean < 1 ? ', too slow' : '')],
    ['Segments', stream && String(stream.segments) + (stream.inFlight ? `, ${stream.inFlight} in work` : '')],
    ['Missing', missing ? `${missing} of the last ${recent.length}` : recent.length ? 'none' : ''],
    ['Dropped', stream?.dropped ? String(stream.dropped) : ''],
    ['Player', delay ? `${delay.toFixed(1)} s behind` : ''],
    ['Came by', stream?.origin],
    ['Time', stream && since(stream.since, stream.ended || now)],
    ['Playlist', media && make('a', {href: address()}, make('code', {}, address()))],
  ]);
  const bytes = rendition => {
    const segment = good.findLast(one => rendition === 'source' || one.renditions.includes(rendition));
    if (!segment) return '';
    return rate(rendition === 'source' ? segment.sourceBytes : segment.bytes[segment.renditions.indexOf(rendition)], segment.seconds);
  };
  for (const {note, level} of tiles) {
    note.textContent = [level.height ? `${level.width}×${level.height}` : '', bytes(levelName(level))].filter(Boolean).join(' · ');
  }
}

// ---- the snapshot -----------------------------------------------------------------------------------

watch({stream: name, segments: SEGMENTS}, snapshot => {
  const stream = snapshot.streams.find(one => one.name === name) ?? null;
  const first = media === undefined;
  if (!first && snapshot.media && snapshot.media !== media) location.reload();
  media = snapshot.media ?? media ?? null;
  const returned = stream?.live && (!snapshotStream?.live || startedAt !== stream.since) && snapshotStream !== null;
  snapshotStream = stream;
  startedAt = stream?.since ?? null;
  if (stream?.live) pill(byId('state'), 'live', 'good live');
  else pill(byId('state'), stream ? 'ended' : 'waiting');
  if (media && (!player && first || returned)) start();
  waiting();
  showSegments(stream?.recent ?? []);
  showFacts(stream, snapshot.now);
});
