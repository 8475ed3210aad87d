import {byId, clock, fill, keep, make} from './page.js';

const SHOWN_MINUTES = 60;
const UNITS = [[10n ** 18n, 'ETH'], [10n ** 9n, 'gwei'], [1n, 'wei']];

/** An amount in the largest unit in which it has a figure within four digits after the point, cut to six. */
function amount(text) {
  const wei = BigInt(text);
  const positive = wei < 0n ? -wei : wei;
  const [unit, name] = UNITS.find(([size]) => positive * 10000n >= size) ?? UNITS.at(-1);
  const millionths = positive * 1000000n / unit;
  const digits = String(millionths % 1000000n).padStart(6, '0').replace(/0+$/, '');
  return (wei < 0n ? '−' : '') + millionths / 1000000n + (digits ? '.' + digits : '') + ' ' + name;
}

const exact = text => make('span', {title: text + ' wei'}, amount(text));

function row(...cells) {
  return make('tr', {}, ...cells.map(([label, value, kind]) => make('td', {'data-label': label, class: kind}, value)));
}

const account = address => make('code', {title: address}, address.slice(0, 10) + '…');

keep('/api/money', money => {
  const onChain = money.chain || money.received || money.account;
  byId('off-chain').hidden = Boolean(onChain);
  byId('account').textContent = (money.account ?? '') + (money.orchestrator ? ' for ' + money.orchestrator : '');
  byId('problems').hidden = money.problems.length === 0;
  fill(byId('problems'), ...money.problems.map(line => make('li', {class: 'bad'}, line)));
  byId('exports').hidden = !money.received;
  showFigures(money);
  showMinutes(money.minutes);
  showReceived(money.received ?? []);
  table('sent', money.sent ?? [], line => row(['Orchestrator', account(line.peer)],
    ['Tickets worth', exact(line.value), 'n'], ['Work bought', exact(line.work), 'n']));
  table('pending', money.pending ?? [], line => row(['Gateway', account(line.sender)],
    ['Pays', exact(line.faceValue), 'n'], ['Terms end at block', line.expirationBlock, 'n'], ['Tries', line.tries, 'n'],
    ['State', state(line)]));
  showPrices(money);
  fill(byId('newest'), ...(money.newest.length ? money.newest.map(happening) : [make('li', {class: 'muted'}, 'Nothing yet.')]));
});

function state({inFlight, redeemer, lastFailure, tries}) {
  if (inFlight) {
    return 'a transaction is on its way';
  }
  if (redeemer) {
    return `handed over to ${redeemer}, not seen on the chain yet`;
  }
  return lastFailure ? `tried again later: ${lastFailure}` : tries ? 'tried again later' : 'waits for the end of its terms';
}

function table(name, lines, show) {
  byId(name + '-section').hidden = lines.length === 0;
  fill(byId(name), ...lines.map(show));
}

function showReceived(lines) {
  table('received', lines, line => row(['Gateway', account(line.peer)], ['Tickets worth', exact(line.value), 'n'],
    ['Work done', exact(line.work), 'n'], ['Winners', line.winners, 'n'], ['Won', exact(line.faceValue), 'n'],
    ['Luck', exact(String(BigInt(line.faceValue) - BigInt(line.value))), 'n'], ['Redeemed', line.redeemed, 'n'],
    ['Paid', exact(line.paid), 'n']));
}

/** An exact fraction, cut to six digits after the point; one that would be 0 then stays as it is. */
function decimal(fraction) {
  const [over, under = '1'] = fraction.split('/');
  const millionths = BigInt(over) * 1000000n / BigInt(under);
  const digits = String(millionths % 1000000n).padStart(6, '0').replace(/0+$/, '');
  return millionths === 0n ? fraction : millionths / 1000000n + (digits ? '.' + digits : '');
}

function showPrices({prices = [], maxPrices = []}) {
  const shown = (line, most) => row(
    ['For', most + ([line.gateway, line.capability, line.model].filter(Boolean).join(' ') || 'everything')],
    ['Price', line.price], ['Wei for a unit', line.wei ? decimal(line.wei) : 'not known', 'n']);
  byId('prices-section').hidden = prices.length + maxPrices.length === 0;
  byId('quote').hidden = prices.length === 0;
  fill(byId('prices'), ...prices.map(line => shown(line, '')), ...maxPrices.map(line => shown(line, 'at most, ')));
}

byId('quote').addEventListener('submit', async event => {
  event.preventDefault();
  const query = new URLSearchParams([...new FormData(event.target)].filter(([, value]) => value));
  const answer = await fetch('/api/money/price?' + query);
  const quote = answer.ok ? await answer.json() : {refusal: await answer.text(), reasons: []};
  const head = quote.refusal ? 'No price: ' + quote.refusal : quote.price ? decimal(quote.price) + ' wei for a unit' : 'Free.';
  byId('quoted').hidden = false;
  fill(byId('quoted'), make('li', {class: quote.refusal ? 'bad' : 'good'}, head), ...quote.reasons.map(why => make('li', {}, why)));
});

const sum = (lines, name) => String((lines ?? []).reduce((all, line) => all + BigInt(line[name]), 0n));

function showFigures({chain, funds, received, sent, pending, limits}) {
  const figures = [];
  if (received?.length) {
    figures.push(['Tickets worth', exact(sum(received, 'value'))], ['Won', exact(sum(received, 'faceValue'))],
      ['Paid out', exact(sum(received, 'paid'))], ['Waiting', String(pending.length)]);
  }
  if (sent?.length) figures.push(['Spent on work', exact(sum(sent, 'work'))], ['Tickets sent', exact(sum(sent, 'value'))]);
  if (funds && (funds.deposit !== '0' || funds.reserve !== '0')) {
    figures.push(['Deposit', exact(funds.deposit)], ['Reserve', exact(funds.reserve)]);
  }
  for (const {what, spent, most} of limits ?? []) {
    figures.push(['Limit of ' + what, make('span', {title: spent + ' of ' + most + ' wei'}, amount(spent) + ' of ' + amount(most))]);
  }
  if (chain) figures.push(['Round', String(chain.round)], ['Block', String(chain.l1Block)], ['Gas', exact(chain.gasPrice)]);
  fill(byId('figures'), ...figures.map(([term, value]) => make('div', {}, make('dt', {}, term), make('dd', {}, value))));
}

function showMinutes(minutes) {
  const shown = minutes.slice(-SHOWN_MINUTES);
  byId('time-section').hidden = shown.length === 0;
  const values = line => [['received', line.received], ['sent', line.sent], ['redeemed', line.redeemed]]
    .filter(([, text]) => text !== '0');
  const tallest = shown.flatMap(values).reduce((most, [, text]) => BigInt(text) > most ? BigInt(text) : most, 1n);
  fill(byId('bars'), ...shown.map(line => make('div', {class: 'minute', title: clock(line.at) + ': '
    + values(line).map(([name, text]) => name + ' ' + amount(text)).join(', ')},
    ...values(line).map(([name, text]) => make('i', {class: name, 'data-height': String(BigInt(text) * 100n / tallest)})))));
  for (const bar of byId('bars').querySelectorAll('i')) bar.style.height = Math.max(2, Number(bar.dataset.height)) + '%';
  byId('bars-key').textContent = 'The tallest bar is ' + amount(String(tallest))
    + '. Received and sent are the tickets\' expected value; redeemed is what winners paid.';
}

function happening({at, what, peer, tickets, wei, why}) {
  const told = {
    sent: () => `${tickets} sent to ${peer}, worth ${amount(wei)}`,
    received: () => tickets ? `${tickets} received from ${peer}, worth ${amount(wei)}` : `work of ${peer} from credit`,
    won: () => `${tickets} received from ${peer}, worth ${amount(wei)}; a winner is among them`,
    redeemed: () => `${amount(wei)} paid for a winner of ${peer}`,
    refused: () => `payment of ${peer} refused: ${why}`,
    'not paid': () => `nothing paid to ${peer}: ${why}`,
    'not redeemed': () => `a winner of ${peer} is not redeemed: ${why}`,
  }[what];
  const bad = ['refused', 'not paid', 'not redeemed'].includes(what);
  return make('li', {class: bad ? 'bad' : what === 'won' || what === 'redeemed' ? 'good' : ''},
    make('time', {}, clock(at)), make('span', {}, told()));
}
