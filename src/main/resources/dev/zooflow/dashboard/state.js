// ---------------------------------------------------------------- what the server says, and what a person chose

const $ = selector => document.querySelector(selector);
const form = $('form.filters');
let news = null;
const marked = new Map();

async function ask(path, parameters) {
  const query = new URLSearchParams(parameters).toString();
  const response = await fetch('/api/' + path + (query ? '?' + query : ''));
  if (!response.ok) {
    throw new Error(`${path}: ${response.status} ${await response.text()}`);
  }
  return response.json();
}

const filters = () => [...new FormData(form)].filter(([, value]) => value);

/** Does the work now if it is long enough ago, else later, once; never twice at a time. */
function calmly(work, pause) {
  let next = 0;
  let timer = null;
  let busy = false;
  let again = false;
  const go = async () => {
    timer = null;
    busy = true;
    try {
      await work();
    } catch (error) {
      console.warn(error);
    }
    busy = false;
    next = performance.now() + pause;
    if (again) {
      again = false;
      run();
    }
  };
  const run = () => {
    if (busy) {
      again = true;
    } else if (timer === null) {
      timer = setTimeout(go, Math.max(0, next - performance.now()));
    }
  };
  return run;
}

function say(text) {
  $('#live').textContent = text;
}

const span = (className, text) => {
  const node = document.createElement('span');
  node.className = className;
  node.textContent = text;
  return node;
};
const cell = (row, content, className) => {
  const node = row.insertCell();
  node.className = className || '';
  node.append(content);
  return node;
};
const heading = (row, content) => {
  const node = row.appendChild(document.createElement('th'));
  node.scope = 'row';
  node.append(content);
};
const word = status => span('word ' + status, status);
const number = (value, digits) => (value === undefined ? '–' : value.toFixed(digits));
const clock = millis => {
  const date = new Date(millis);
  const today = date.toDateString() === new Date().toDateString();
  return (today ? '' : date.toLocaleDateString(undefined, { month: 'short', day: 'numeric' }) + ' ')
    + date.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
};
const sum = counts => Object.values(counts || {}).reduce((a, b) => a + b, 0);
const listed = counts => Object.entries(counts || {}).filter(([, n]) => n).map(([what, n]) => `${n} ${what}`).join(', ');
