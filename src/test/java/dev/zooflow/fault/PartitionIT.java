package dev.zooflow.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A worker in a network of its own, whose only way to the broker is cut for twice its lock and until another one has taken over. */
@Tag("faults")
class PartitionIT extends AbstractFaultIT {

    private static final int TRIALS = 20;
    /** A training takes longer than it takes to hear of it and to cut the network. */
    private static final int STEPS = 500;

    private static final int CUTS = 2;
    private static final List<String> ELSEWHERE =
            List.of("unshare", "--net", "sh", "-c", "ip link set lo up && exec \"$@\"", "sh");

    @Test
    void itIsAsIfItWereKilledAndThenItRejoins() throws Exception {
        assumeTrue(networksCanBeMade(), "no network of its own can be made here: that needs Linux, root and iproute2");
        Member near = addWorker();
        Account calm = undisturbed(TRIALS, STEPS);
        near.awaitOutput("working as");
        Path socket = Files.createTempDirectory("zooflow").resolve("broker");
        try (Tunnel tunnel = new Tunnel(
                UnixDomainSocketAddress.of(socket),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), fleet().port()))) {
            Member far = fleet().process(
                            ELSEWHERE,
                            Tunnel.Far.class.getName(),
                            Integer.toString(fleet().port()),
                            socket.toString(),
                            "worker",
                            "--roles",
                            Fleet.WORK,
                            "--bootstrap-servers",
                            fleet().servers(),
                            "--blob-dir",
                            fleet().blobs().toString())
                    .keepUp()
                    .awaitOutput("working as");
            Account stormy = disturbed("stormy", TRIALS, STEPS, progress -> {
                for (int cut = 0; cut < CUTS; cut++) {
                    long before = progress.trainedBy(far);
                    progress.await("a training far away", () -> progress.trainedBy(far) > before);
                    int successors = progress.successors();
                    tunnel.cut();
                    Fleet.sleep(LOCK.multipliedBy(2));
                    untilTakenOver(progress, successors);
                    tunnel.mend();
                }
            });
            stormy.assertSameAs(calm);
            assertThat(stormy.attempts()).as("work was cut off").isGreaterThan(calm.attempts());
            assertThat(far.restarts()).as(far.output()).isZero();
            near.remove();
            run("alone", 1, STEPS, progress -> {});
        }
    }

    private static boolean networksCanBeMade() throws InterruptedException {
        try {
            return new ProcessBuilder(List.of("unshare", "--net", "sh", "-c", "ip link set lo up"))
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
