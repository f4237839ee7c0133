// ---------------------------------------------------------------- runs, workers, dead letters

const drawRuns = calmly(async () => {
  const answer = await ask('runs');
  const body = $('.runs tbody');
  const rows = answer.data.map(run => {
    const row = document.createElement('tr');
    row.setAttribute('aria-current', String(run.run === form.run.value));
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = run.run;
    button.addEventListener('click', () => choose(run.run === form.run.value ? '' : run.run));
    heading(row, button);
    cell(row, word(run.status));
    cell(row, run.submitted ? clock(run.submitted) : '–');
    cell(row, parts(run.trials));
    cell(row, run.best || '–').title = run.best ? 'best by ' + run.ranked_by : '';
    cell(row, number(run.accuracy_mean, 3));
    cell(row, number(run.nn_ratio_mean, 2));
    return row;
  });
  const focused = document.activeElement && body.contains(document.activeElement) ? document.activeElement.textContent : null;
  if (rows.length) {
    body.replaceChildren(...rows);
  }
  if (focused !== null) {
    const again = [...body.querySelectorAll('button')].find(b => b.textContent === focused);
    if (again) {
      again.focus();
    }
  }
  offerRuns(answer.data.map(run => run.run));
}, 700);

function parts(counts) {
  const node = document.createElement('span');
  node.className = 'parts';
  node.setAttribute('role', 'img');
  node.setAttribute('aria-label', listed(counts) || 'none');
  node.title = listed(counts);
  for (const status of ['done', 'scoring', 'training', 'failed', 'stopped', 'unfinished', 'queued']) {
    if (counts[status]) {
      const part = node.appendChild(document.createElement('i'));
      part.className = status;
      part.style.width = 100 * counts[status] / sum(counts) + '%';
    }
  }
  return node;
}

function offerRuns(runs) {
  const chosen = form.run.value;
  const known = [...form.run.options].slice(1).map(o => o.value);
  const wanted = [...new Set(chosen ? [...runs, chosen] : runs)];
  if (wanted.join('/') !== known.join('/')) {
    form.run.replaceChildren(new Option('all', ''), ...wanted.map(run => new Option(run, run)));
    form.run.value = chosen;
  }
}

function choose(run) {
  if (![...form.run.options].some(o => o.value === run)) {
    form.run.append(new Option(run, run));
  }
  form.run.value = run;
  form.dispatchEvent(new Event('change', { bubbles: true }));
}

const drawWorkers = calmly(async () => {
  const answer = await ask('workers');
  const hosts = new Map();
  answer.data.forEach(w => hosts.set(w.host, [...(hosts.get(w.host) || []), w]));
  if (!hosts.size) {
    return;
  }
  $('#hosts').replaceChildren(...[...hosts].map(([host, workers]) => hostCard(host, workers)));
}, 1000);

function hostCard(host, workers) {
  const card = document.createElement('article');
  card.className = 'card host';
  const processes = new Set(workers.map(w => w.worker.split('/').slice(0, 3).join('/')));
  const memory = Math.max(...workers.map(w => w.resident_mib));
  const devices = [...new Set(workers.map(w => w.device))].join(', ');
  const head = card.appendChild(document.createElement('h3'));
  head.append(host + ' ');
  head.appendChild(document.createElement('small')).textContent = `${processes.size === 1 ? '1 process' : processes.size + ' processes'}, ${devices}${memory ? ', ' + memory + ' MiB' : ''}`;
  const list = card.appendChild(document.createElement('ul'));
  for (const w of workers) {
    const item = list.appendChild(document.createElement('li'));
    const state = !w.alive ? 'gone' : w.task ? 'busy' : 'idle';
    const dot = item.appendChild(span('dot ' + state, ''));
    dot.setAttribute('role', 'img');
    dot.setAttribute('aria-label', state);
    dot.title = `${state}, heartbeat ${clock(w.beat)}`;
    item.append(w.role, span('device', w.device), span('rate', state === 'busy' && w.rate ? `${+w.rate.toPrecision(3)} steps/s` : state));
    if (w.task) {
      item.append(span('task', w.task + (w.step ? `, step ${w.step}` : '')));
    }
  }
  return card;
}

const drawLetters = calmly(async () => {
  const answer = await ask('letters');
  const rows = answer.data.map(letter => {
    const row = document.createElement('tr');
    row.className = letter.replayed ? 'replayed' : '';
    const id = document.createElement('code');
    id.textContent = letter.id;
    heading(row, id);
    cell(row, clock(letter.time));
    cell(row, letter.type.replace(/^dev\.zooflow\./, '') || '–');
    cell(row, (letter.replayed ? 'replayed: ' : '') + letter.reason);
    return row;
  });
  if (rows.length) {
    $('.letters tbody').replaceChildren(...rows);
  }
}, 1000);

// ---------------------------------------------------------------- the head of the page

function tile(name, value, note) {
  $(`[data-tile="${name}"]`).textContent = value;
  $(`[data-note="${name}"]`).textContent = note || '\u00a0';
}

function drawHead() {
  tile('runs', sum(news.runs).toLocaleString(), listed(news.runs));
  tile('trials', sum(news.trials).toLocaleString(), listed(news.trials));
  tile('workers', news.workers, 'alive');
  tile('waiting', news.waiting ? sum(news.waiting).toLocaleString() : '–', listed(news.waiting));
  tile('letters', news.letters.toLocaleString(), news.letters ? 'see below' : '');
  $('#source').textContent = news.source + (news.behind > 1000 ? `, reading ${news.behind.toLocaleString()} older records` : '') + (news.dropped ? `, ${news.dropped} older runs left out` : '');
  const problem = $('#problem');
  problem.hidden = !news.problem;
  if (problem.textContent !== (news.problem || '')) {
    problem.textContent = news.problem || '';
  }
  $('#lag').replaceChildren(...Object.entries(news.waiting || {}).map(([role, n]) => {
    const node = span('', role + ' ');
    node.appendChild(document.createElement('b')).textContent = n;
    return node;
  }));
}

function connected(yes) {
  const badge = $('#connection');
  const text = yes ? 'live' : 'connection lost, trying again';
  if (badge.textContent !== text) {
    badge.textContent = text;
    badge.className = 'status ' + (yes ? 'ok' : 'bad');
    say(text);
  }
}
