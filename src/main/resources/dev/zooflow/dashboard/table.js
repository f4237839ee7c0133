// ---------------------------------------------------------------- the table of trials

const NAMES = {
  accuracy_mean: 'accuracy', nn_ratio_mean: 'nn ratio', copy_rate: 'copies', novel_performant_075: 'novel + good', loss_mean: 'loss',
};
/** As in headings; what ranks trials has the name of that metric where it is the same for all. */
const nameOf = (key, metric) => (key === 'metric' && metric ? 'validation ' + nameOf(metric.name) : NAMES[key] || key.replace(/^p\./, ''));
const MOST_MARKED = 8;
let page = { data: [], settings: [] };

const tint = key => css('--c' + (marked.get(key) ?? 0));

/** Rows that are drawn again have new buttons: the one that stands for the focused one gets the focus. */
let focused;
const keepFocus = () => {
  focused = $('.mark-button:focus')?.dataset.key;
};
const giveFocusBack = () => focused && $(`.mark-button[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });

function repaintRows() {
  keepFocus();
  table.getRows().forEach(row => row.reformat());
  giveFocusBack();
}

function mark(key) {
  if (marked.has(key)) {
    marked.delete(key);
  } else {
    const used = new Set(marked.values());
    const free = Array.from({ length: MOST_MARKED }, (_, i) => i).find(i => !used.has(i));
    if (free === undefined) {
      say(`At most ${MOST_MARKED} trials are marked at a time.`);
      return;
    }
    marked.set(key, free);
  }
  say(marked.size === 1 ? '1 trial marked' : `${marked.size} trials marked`);
  repaintRows();
  drawCurves();
  drawScatter();
}

function markButton(c) {
  const row = c.getRow().getData();
  const button = document.createElement('button');
  const on = marked.has(row.key);
  button.type = 'button';
  button.className = 'mark-button';
  button.dataset.key = row.key;
  button.setAttribute('aria-pressed', on);
  button.setAttribute('aria-label', `mark ${row.trial} of ${row.run}`);
  button.style.background = on ? tint(row.key) : '';
  button.addEventListener('click', event => {
    event.stopPropagation();
    mark(row.key);
  });
  return button;
}

/** Headings are buttons, so that the keyboard reaches them; the table sorts when its heading is clicked. */
function title(c) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = c.getValue();
  return button;
}

const column = (field, more) => ({ title: nameOf(field), field, titleFormatter: title, headerTooltip: field.replace(/^p\./, ''), ...more });
const figures = (field, digits, width) => column(field, {
  hozAlign: 'right', headerHozAlign: 'right', width, headerSortStartingDir: 'desc', formatter: c => number(c.getValue(), digits),
});

function columns(settings, metric) {
  return [
    { title: '', field: 'key', width: 34, headerSort: false, formatter: markButton, frozen: true },
    column('trial', { frozen: true, minWidth: 120, maxWidth: 280 }),
    column('run', { minWidth: 100, maxWidth: 220, visible: !form.run.value }),
    column('status', { width: 100, formatter: c => {
      const node = word(c.getValue());
      node.title = c.getRow().getData().reason || '';
      return node;
    } }),
    column('progress', { width: 86, headerSortStartingDir: 'desc', formatter: c => {
      const node = document.createElement('span');
      const done = c.getRow().getData().status === 'done' ? 1 : c.getValue() || 0;
      node.className = 'bar';
      node.setAttribute('role', 'img');
      node.setAttribute('aria-label', Math.round(100 * done) + ' %');
      node.appendChild(document.createElement('i')).style.width = 100 * done + '%';
      return node;
    } }),
    figures('step', 0, 76),
    column('seconds', { title: 'time', hozAlign: 'right', headerHozAlign: 'right', width: 76, headerSortStartingDir: 'desc', formatter: c => (c.getValue() === undefined ? '–' : seconds(c.getValue())) }),
    column('loss', { hozAlign: 'right', headerHozAlign: 'right', width: 80, formatter: c => (c.getValue() === undefined ? '–' : +c.getValue().toPrecision(4)) }),
    column('metric', {
      title: nameOf('metric', metric), headerTooltip: 'what ranks the trials of a run, on the validation split', hozAlign: 'right', headerHozAlign: 'right', minWidth: 90, maxWidth: 220,
      headerSortStartingDir: metric && metric.goal === 'minimize' ? 'asc' : 'desc',
      formatter: c => {
        const node = span('', number(c.getValue(), 3));
        node.title = c.getRow().getData().ranked_by;
        return node;
      },
    }),
    figures('accuracy_mean', 3, 94),
    figures('nn_ratio_mean', 2, 86),
    figures('dispersion', 2, 96),
    figures('copy_rate', 2, 80),
    figures('novel_performant_075', 2, 116),
    ...settings.map(key => column('p.' + key, { title: key, minWidth: 90, maxWidth: 200, hozAlign: 'right', headerHozAlign: 'right' })),
  ];
}

let shownColumns = '';
const table = new Tabulator('#table', {
  ajaxURL: '/api/trials',
  ajaxRequestFunc: async (url, config, wanted) => {
    const sort = (wanted.sort || [])[0];
    page = await ask('trials', [...filters(), ['page', wanted.page], ['size', wanted.size], ...(sort ? [['sort', sort.field], ['dir', sort.dir]] : [])]);
    $('#matches').textContent = page.total === 1 ? '1 trial' : page.total.toLocaleString() + ' trials';
    const wantedColumns = JSON.stringify([page.settings, page.metric, form.run.value !== '']);
    if (wantedColumns !== shownColumns) {
      shownColumns = wantedColumns;
      setTimeout(() => table.setColumns(columns(page.settings, page.metric)));
    }
    drawCurves();
    return page;
  },
  pagination: true, paginationMode: 'remote', sortMode: 'remote', paginationSize: 25, paginationSizeSelector: [10, 25, 50, 100],
  paginationCounter: 'rows', dataLoader: false, layout: 'fitDataStretch', nestedFieldSeparator: false, index: 'key', headerSortTristate: true,
  placeholder: 'No trial matches.', columns: columns([]),
  rowFormatter: row => row.getElement().classList.toggle('marked', marked.has(row.getData().key)),
});
table.on('dataProcessing', keepFocus);
table.on('dataProcessed', giveFocusBack);
table.on('dataSorted', sorters => {
  if (sorters.length) {
    say(`sorted by ${nameOf(sorters[0].field, page.metric)}, ${sorters[0].dir === 'desc' ? 'descending' : 'ascending'}`);
  }
});

let ready = false;
const built = new Promise(resolve => table.on('tableBuilt', () => {
  ready = true;
  resolve();
}));
const replaceRows = calmly(async () => {
  await built;
  await table.replaceData();
}, 700);

function fromFirstPage() {
  if (ready) {
    table.setPage(1);
  }
  drawScatter();
  drawParallel();
  drawTimeline();
}
