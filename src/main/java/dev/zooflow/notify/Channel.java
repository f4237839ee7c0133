package dev.zooflow.notify;

import java.io.IOException;

/** A way to tell somebody. */
interface Channel {

    /**
     * Tells, and waits for an answer for some seconds.
     *
     * @throws IOException when the notice was not taken; its message holds no secret
     */
    void tell(Notice notice) throws IOException, InterruptedException;
}
