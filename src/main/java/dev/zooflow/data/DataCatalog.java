package dev.zooflow.data;

import dev.zooflow.experiment.UserError;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The data sets that the program knows by name. */
public final class DataCatalog {

    private static final String UCI = "https://archive.ics.uci.edu/ml/machine-learning-databases/";

    /** LeCun, Cortes, Burges: handwritten digits. */
    static final KnownDataset MNIST = new KnownDataset(
            "mnist",
            "70,000 handwritten digits, 28x28 pixels, 10 classes (idx)",
            "mnist",
            List.of(
                    URI.create("https://ossci-datasets.s3.amazonaws.com/mnist/"),
                    URI.create("https://storage.googleapis.com/cvdf-datasets/mnist/")),
            idxFiles(
                    "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                    "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                    "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                    "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"));

    /** Xiao, Rasul, Vollgraf 2017: articles of clothing. */
    static final KnownDataset FASHION_MNIST = new KnownDataset(
            "fashion-mnist",
            "70,000 articles of clothing, 28x28 pixels, 10 classes (idx)",
            "fashion-mnist",
            List.of(URI.create("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/")),
            idxFiles(
                    "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
                    "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
                    "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
                    "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"));

    /** Wolberg, Street, Mangasarian 1995: breast cancer Wisconsin, diagnostic. */
    static final KnownDataset WDBC = uci(
            "wdbc",
            "569 breast tumours, 30 features, 2 classes (csv)",
            "breast-cancer-wisconsin/",
            "wdbc.data",
            "d606af411f3e5be8a317a5a8b652b425aaf0ff38ca683d5327ffff94c3695f4a");

    private static final List<KnownDataset> ALL = List.of(
            MNIST,
            FASHION_MNIST,
            WDBC,
            uci(
                    "wine",
                    "178 wines, 13 features, 3 classes (csv, no header, label column 0)",
                    "wine/",
                    "wine.data",
                    "6be6b1203f3d51df0b553a70e57b8a723cd405683958204f96d23d7cd6aea659"),
            uci(
                    "iris",
                    "150 irises, 4 features, 3 classes (csv, no header)",
                    "iris/",
                    "iris.data",
                    "6f608b71a7317216319b4d27b4d9bc84e6abd734eda7872b71a458569e2656c0"));

    private DataCatalog() {}

    /** All known data sets. */
    public static List<KnownDataset> all() {
        return ALL;
    }

    /**
     * The data set with this name.
     *
     * @throws UserError that names the nearest known one
     */
    public static KnownDataset named(String name) {
        return ALL.stream().filter(d -> d.name().equals(name)).findFirst().orElseThrow(() -> {
            List<String> known = ALL.stream().map(KnownDataset::name).toList();
            return UserError.usage("data set (%s) is not known; known are %s. Maybe %s?"
                    .formatted(name, String.join(", ", known), NearestName.to(name, known)));
        });
    }

    /** The data set one of whose files has this content. */
    static Optional<KnownDataset> ownerOf(String contentHash) {
        return ALL.stream()
                .filter(d -> d.files().stream().anyMatch(f -> f.sha256().equals(contentHash)))
                .findFirst();
    }

    /** {@link #fetch(String, Path, Consumer)} in silence. */
    public static List<Path> fetch(String name, Path dataDir) {
        return fetch(name, dataDir, line -> {});
    }

    /**
     * Downloads what is missing of a data set, or has a wrong hash, into its folder below {@code dataDir}. A file appears
     * there only when it is complete and its hash is right.
     *
     * @param progress gets one line for each thing done
     * @return where the files are
     * @throws UserError for an unknown name, or when no source delivers a file
     */
    public static List<Path> fetch(String name, Path dataDir, Consumer<String> progress) {
        return new DataFetcher(progress).fetch(named(name), dataDir);
    }

    private static KnownDataset uci(String name, String description, String path, String file, String sha256) {
        return new KnownDataset(
                name, description, "uci", List.of(URI.create(UCI + path)), List.of(new KnownFile(file, false, sha256)));
    }

    private static List<KnownFile> idxFiles(
            String trainImages, String trainLabels, String testImages, String testLabels) {
        return List.of(
                new KnownFile("train-images-idx3-ubyte", true, trainImages),
                new KnownFile("train-labels-idx1-ubyte", true, trainLabels),
                new KnownFile("t10k-images-idx3-ubyte", true, testImages),
                new KnownFile("t10k-labels-idx1-ubyte", true, testLabels));
    }
}
