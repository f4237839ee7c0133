package dev.zooflow.app;

import dev.zooflow.message.Event;

/**
 * A view of a run beside which there is a page in the browser.
 *
 * @param view in the terminal
 * @param board that goes when the run is over
 */
record DashboardView(RunView view, LiveBoard board) implements RunView {

    @Override
    public void on(Event event, long epochMillis) {
        view.on(event, epochMillis);
    }

    @Override
    public void hide() {
        view.hide();
    }

    @Override
    public void close() {
        try {
            view.close();
        } finally {
            board.close();
        }
    }
}
