package dev.zooflow.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.zooflow.experiment.UserError;
import dev.zooflow.message.FileBlobStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlobStoresTest {

    private static final BlobSettings SETTINGS =
            new BlobSettings(false, true, Optional.of(URI.create("http://localhost:1")), "", true);

    @TempDir
    private Path dir;

    @Test
    void aPathAndItsUriAreTheSameDirectory() throws IOException {
        Path blobs = dir.resolve("b l o b s");
        BlobStores.open(blobs.toString(), SETTINGS).put(new byte[] {1});
        assertThat(BlobStores.open(blobs.toUri().toString(), SETTINGS).list()).hasSize(1);
        assertThat(BlobStores.open("blobs", SETTINGS))
                .isInstanceOf(FileBlobStore.class)
                .hasToString("blobs");
    }

    @ParameterizedTest
    @CsvSource({"s3://team/a/b, s3://team/a/b/", "s3://team/a/, s3://team/a/", "S3://team, s3://team/"})
    void aBucketIsObjectStorage(String place, String shown) {
        assertThat(BlobStores.open(place, SETTINGS))
                .isInstanceOf(S3BlobStore.class)
                .hasToString(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gs://team/a",
                "s3:team",
                "s3:/team/a",
                "s3://",
                "s3://Team",
                "s3://team/../other",
                "s3://key:pass@team/a",
                "s3://team//a",
                "file://host/a",
                "file:a",
                "http://pass@host"
            })
    void whatIsNoPlaceIsAWrongOptionAndIsNotRepeatedWhereItMayHoldAPassword(String place) {
        assertThatThrownBy(() -> BlobStores.open(place, SETTINGS))
                .isInstanceOfSatisfying(
                        UserError.class, e -> assertThat(e.exitCode()).isEqualTo(UserError.USAGE))
                .hasMessageContaining("Maybe")
                .hasMessageNotContaining("pass@");
    }

    @Test
    void aStoreThatCanNotBeReadIsOfTheSurroundings() throws IOException {
        Path name = Files.createDirectories(dir.resolve("names/probe"));
        assertThat(name).isDirectory();
        assertThatThrownBy(() -> BlobStores.require(BlobStores.open(dir.toString(), SETTINGS)))
                .isInstanceOfSatisfying(
                        UserError.class, e -> assertThat(e.exitCode()).isEqualTo(UserError.INFRASTRUCTURE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "keep-checkpoints = some",
                "s3.endpoint = \"localhost:9000\"",
                "s3.endpoint = \"http://me:pass@localhost\"",
                "keep-states = maybe"
            })
    void settingsThatCanNotBeAreRefused(String wrong) {
        assertThatThrownBy(() -> BlobSettings.create(ConfigFactory.parseString(wrong)
                        .withFallback(
                                ConfigFactory.parseResources("reference.conf").getConfig("zooflow.blobs"))))
                .isInstanceOf(UserError.class)
                .hasMessageNotContaining("pass");
    }
}
