// What both pages need. Text from the node is only ever set as text, never as markup.

const PERIOD = 1000;
const PATIENCE = 5000;

/** An element with attributes, a class and children; strings become text. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== '') element.setAttribute(name, value);
  }
  element.append(...children.map(child => child instanceof Node ? child : String(child)));
  return element;
}

export const byId = id => document.getElementById(id);

/** Replaces what is inside, when it would look different: selections and scrolling survive. */
export function fill(parent, ...children) {
  const fresh = make('div', {}, ...children);
  if (parent.innerHTML !== fresh.innerHTML) parent.replaceChildren(...fresh.childNodes);
}

/** Terms and descriptions; empty descriptions are left out. */
export function facts(list, entries) {
  fill(list, ...entries.filter(([, value]) => value !== '' && value !== null && value !== undefined)
    .flatMap(([term, value]) => [make('dt', {}, term), make('dd', {}, value)]));
}

export function pill(element, text, kind = '') {
  element.textContent = text;
  element.className = 'pill ' + kind;
}

/** Asks for the snapshot each second for as long as the page is open. */
export function watch(query, show) {
  const ask = async () => {
    try {
      const answer = await fetch('/api/streams?' + new URLSearchParams(query), {signal: AbortSignal.timeout(PATIENCE)});
      if (!answer.ok) throw new Error(answer.status);
      const snapshot = await answer.json();
      byId('offline').hidden = true;
      show(snapshot);
    } catch (error) {
      console.warn(error);
      byId('offline').hidden = false;
    }
    setTimeout(ask, PERIOD);
  };
  ask();
}

const SLOW_PERIOD = 3000;

/** Asks for what changes seldom, for as long as the page is open; what does not answer is left as it is. */
export function keep(path, show) {
  const ask = async () => {
    try {
      const answer = await fetch(path, {signal: AbortSignal.timeout(PATIENCE)});
      if (answer.ok) show(await answer.json());
    } catch (error) {
      console.warn(error);
    }
    setTimeout(ask, SLOW_PERIOD);
  };
  ask();
}

/** Changes the node; what it says to that. */
export async function change(method, path) {
  try {
    const answer = await fetch(path, {method, credentials: 'same-origin'});
    return (await answer.text()).trim();
  } catch (error) {
    return 'The node did not answer: ' + error.message;
  }
}

/** Names that may confuse a path travel as a parameter. */
export const playerAddress = name =>
  /^[\w.-]+$/.test(name) ? '/player/' + name : '/player/?' + new URLSearchParams({stream: name});

export const seconds = value => value.toFixed(2) + ' s';

/** How many times faster than they play segments were transcoded: below 1 a stream falls behind. Null for none. */
export function speed(segments) {
  const sum = key => segments.reduce((total, segment) => total + segment[key], 0);
  return sum('workSeconds') > 0 ? sum('seconds') / sum('workSeconds') : null;
}

/** A speed as a number, below a heading that says what it counts. */
export const timesOnly = value => value === null ? '–' : value.toFixed(value < 10 ? 2 : 1);

/** A speed as text. */
export const times = value => value === null ? '–' : timesOnly(value) + ' × real time';

const KILOBYTE = 1024;
const MEGABYTE = 1024 * KILOBYTE;

/** Here as in settings and commands a megabyte has 1024 x 1024 bytes. */
export function size(bytes) {
  if (bytes < KILOBYTE) return bytes + ' B';
  return bytes < MEGABYTE ? (bytes / KILOBYTE).toFixed(0) + ' kB'
    : (bytes / MEGABYTE).toFixed(bytes < 100 * MEGABYTE ? 2 : 0) + ' MB';
}

export const rate = (bytes, time) => time > 0 ? (bytes * 8 / time / 1e6).toFixed(2) + ' Mb/s' : '';

export const clock = millis => new Date(millis).toLocaleTimeString();

export function since(from, to) {
  const total = Math.max(0, Math.round((to - from) / 1000));
  const hours = Math.floor(total / 3600), minutes = Math.floor(total / 60) % 60;
  const two = number => String(number).padStart(2, '0');
  return (hours ? hours + ':' + two(minutes) : minutes) + ':' + two(total % 60);
}

/** An address without what is the same for all. */
export const short = address => address ? address.replace(/^https?:\/\//, '') : '';

const COLOURS = ['one', 'two', 'three', 'four'];
const TALLEST = 1.5;
const seen = new Map();

/** An orchestrator keeps its colour for as long as the page is open. */
export function colour(orchestrator) {
  if (orchestrator && !seen.has(orchestrator)) seen.set(orchestrator, COLOURS[seen.size % COLOURS.length]);
  return seen.get(orchestrator) ?? COLOURS[0];
}

/** A bar for a segment: as high as its work took of the time that it plays, hatched where renditions are missing. */
export function bar(segment) {
  const missing = segment.outcome !== 'transcoded';
  const took = segment.seconds > 0 ? segment.workSeconds / segment.seconds : 0;
  const classes = ['bar', colour(segment.orchestrator)];
  if (missing) classes.push('missing');
  else if (took > 1) classes.push('slow');
  if (segment.attempts > 1) classes.push('retried');
  const fillBar = make('i');
  if (!missing) fillBar.style.height = Math.min(100, took / TALLEST * 100) + '%';
  const title = `segment ${segment.sequence}: ` + (missing ? `${segment.outcome}, ${segment.reason}`
    : `${times(speed([segment]))}, ${short(segment.orchestrator)}`);
  return make('div', {class: classes.join(' '), title}, fillBar);
}

/** Where the work of a segment takes as long as it plays. */
export const LIMIT = 'calc(' + 100 / TALLEST + '% - 4px)';
