// ---------------------------------------------------------------- the table

function marks() {
  for (const row of document.querySelectorAll('tr.flow:not(.variant)')) {
    row.querySelector('.mark').style.background = colour(row.dataset.group);
  }
}

function sortable(table) {
  const heads = [...table.tHead.rows[1].cells];
  const body = table.tBodies[0];
  const original = [...body.rows];
  heads.forEach((head, column) => head.querySelector('button').addEventListener('click', () => {
    const next = { descending: 'ascending', ascending: null }[head.getAttribute('aria-sort')];
    const direction = next === undefined ? 'descending' : next;
    heads.forEach(h => h.removeAttribute('aria-sort'));
    const rows = [...original];
    if (direction) {
      head.setAttribute('aria-sort', direction);
      const sign = direction === 'ascending' ? 1 : -1;
      const value = row => row.cells[column].dataset.v;
      rows.sort((a, b) => {
        if (value(a) === undefined) {
          return sign * a.cells[column].textContent.localeCompare(b.cells[column].textContent);
        }
        // Cells without a number stay at the end in both directions.
        return (value(a) === '') - (value(b) === '') || sign * (Number(value(a)) - Number(value(b)));
      });
    }
    body.append(...rows);
  }));
}

// ---------------------------------------------------------------- all together

const chart = name => document.querySelector(`[data-chart="${name}"] .chart`);
const has = (name, test, build, arrange) => (test ? draw(chart(name), name, build, arrange) : remove(chart(name)));
const flowsWith = key => Object.values(data.history).some(h => h[key].some(v => v !== null));
const averages = what => data.groups.some(g => g.averaging[what].length > 1);

has('scatter', data.groups.some(g => finite([g.nn_ratio_mean, g.accuracy_mean])), scatter, placeLabels);
has('quality-accuracy', flowsWith('accuracy_mean'), quality('accuracy_mean', 'accuracy_std', shortPercent));
has('quality-novelty', flowsWith('nn_ratio_mean'), quality('nn_ratio_mean', null, v => +v.toFixed(2)));
has('averaging-accuracy', averages('accuracy'), averaging('accuracy', shortPercent));
has('averaging-nll', averages('nll'), averaging('nll', v => +v.toPrecision(3)));
has('weights-density', weighted().length, weightChart('weight', density));
has('weights-means', weighted().length, weightChart('mean weight', means));
if (!weighted().length) {
  document.getElementById('distribution').remove();
}
if (!sweeps()) {
  document.getElementById('sweeps').remove();
}
if (!document.querySelector('#trials table')) {
  document.getElementById('trials').remove();
}
if (!allCurves('transfer') && !document.querySelector('#transfer table')) {
  document.getElementById('transfer').remove();
}
if (!allCurves('flow')) {
  document.getElementById('training').remove();
}
if (allCurves('zoo') + barriers() === 0) {
  document.getElementById('zoo').remove();
}
if (!weights()) {
  document.getElementById('weights').remove();
}
marks();
document.querySelectorAll('table.scores').forEach(sortable);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  marks();
  weights();
});
