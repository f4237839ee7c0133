// ---------------------------------------------------------------- all together

function changed(part, before) {
  return !before || before.boot !== news.boot || before.versions[part] !== news.versions[part];
}

function finished(before) {
  const done = (news.trials.done || 0) - (before.trials.done || 0);
  const failed = (news.trials.failed || 0) - (before.trials.failed || 0);
  if (done > 0 || failed > 0) {
    say([done > 0 && `${done} trials done`, failed > 0 && `${failed} trials failed`].filter(Boolean).join(', '));
  }
}

function hear(event) {
  const before = news;
  news = JSON.parse(event.data);
  connected(true);
  drawHead();
  if (changed('runs', before) || changed('trials', before)) {
    drawRuns();
  }
  if (changed('trials', before) || changed('curves', before)) {
    replaceRows();
  }
  if (changed('curves', before)) {
    drawCurves();
  }
  if (changed('trials', before)) {
    drawScatter();
    drawParallel();
    drawTimeline();
  }
  if (changed('letters', before)) {
    drawLetters();
  }
  drawWorkers();
  if (before) {
    finished(before);
  }
}

const redraw = () => {
  drawCurves();
  drawScatter();
  drawParallel();
  drawTimeline();
};
const events = new EventSource('/events');
events.addEventListener('change', hear);
events.addEventListener('error', () => connected(false));
let typing = null;
form.addEventListener('submit', event => event.preventDefault());
form.addEventListener('input', event => {
  if (event.target.name === 'q') {
    clearTimeout(typing);
    typing = setTimeout(fromFirstPage, 250);
  }
});
form.addEventListener('change', event => {
  if (event.target.name !== 'q') {
    fromFirstPage();
    drawRuns();
  }
});
form.addEventListener('reset', () => setTimeout(() => {
  fromFirstPage();
  drawRuns();
}));
['metric', 'against', 'log'].forEach(id => $('#' + id).addEventListener('change', drawCurves));
addEventListener('resize', () => Object.values(plots).forEach(chart => chart.resize()));
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  redraw();
  if (ready) {
    repaintRows();
  }
});
