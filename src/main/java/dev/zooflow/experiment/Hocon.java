package dev.zooflow.experiment;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import java.io.File;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads HOCON from files, which are trusted, and from messages, which are not; every failure says where it is. */
final class Hocon {

    private static final int LONGEST_TEXT = 1_000_000;
    private static final int DEEPEST = 50;
    private static final ConfigParseOptions STRICT =
            ConfigParseOptions.defaults().setSyntax(ConfigSyntax.CONF).setAllowMissing(false);

    private Hocon() {}

    /** The defaults of an experiment. */
    static Config defaults() {
        String root = "zooflow.experiment";
        return ConfigFactory.parseResources(Hocon.class.getClassLoader(), Where.DEFAULTS)
                .withOnlyPath(root)
                .resolve()
                .getConfig(root);
    }

    /** A file with its includes; substitutions may refer to its own keys, the defaults and the environment. */
    static Config file(Path file) {
        if (!Files.isRegularFile(file)) {
            throw UserError.usage("experiment file (%s) %s. Maybe experiments/quickstart.conf?"
                    .formatted(file, Files.exists(file) ? "is not a file" : "does not exist"));
        }
        try {
            ConfigParseOptions options =
                    STRICT.setOriginDescription(file.toString()).setIncluder(new RequiredInclude());
            // Absolute: an include is looked for in the parent directory, which a bare name lacks.
            Config written = ConfigFactory.parseFile(file.toAbsolutePath().toFile(), options);
            return written.resolveWith(written.withFallback(defaults()));
        } catch (ConfigException e) {
            throw failure(e, "file (%s)".formatted(file));
        }
    }

    /** A text from a message: nothing outside it is read, neither files nor the environment. */
    static Config text(String text) {
        checkSize(text);
        try {
            ConfigParseOptions options =
                    STRICT.setOriginDescription("experiment").setIncluder(new NoInclude());
            return ConfigFactory.parseString(text, options).resolve(ConfigResolveOptions.noSystem());
        } catch (ConfigException e) {
            throw failure(e, "experiment");
        }
    }

    private static void checkSize(String text) {
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
            if (depth > DEEPEST || i > LONGEST_TEXT) {
                throw UserError.usage(
                        "experiment (%d characters) is longer or more deeply nested than any experiment. Maybe another file?"
                                .formatted(text.length()));
            }
        }
    }

    /** A user error that says where and, in the parser's words, what. */
    static UserError failure(ConfigException e, String source) {
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        String where = e.origin() == null ? source + ": " : Where.of(e.origin());
        String what = e.origin() == null
                ? message
                : message.substring(
                        message.startsWith(e.origin().description())
                                ? e.origin().description().length()
                                : 0);
        String plain = what.replaceFirst("^[: ]+", "")
                .replaceFirst("(?s) \\(if you intended.*", "")
                .replaceFirst("(?s) \\(if you intend .*", "")
                .replace('\n', ' ');
        return UserError.usage("%s%s. Maybe a missing quote, bracket or comma?".formatted(where, plain), e);
    }

    /** Includes are relative to the including file and must exist; plain HOCON passes over missing ones in silence. */
    private static final class RequiredInclude implements ConfigIncluder {
        @Override
        public ConfigIncluder withFallback(ConfigIncluder fallback) {
            return this;
        }

        @Override
        public ConfigObject include(ConfigIncludeContext context, String what) {
            return context.relativeTo(what)
                    .parse(context.parseOptions().setAllowMissing(false).setSyntax(ConfigSyntax.CONF));
        }
    }

    /** Refuses every include, of each of the four kinds that HOCON knows. */
    private static final class NoInclude
            implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {
        @Override
        public ConfigIncluder withFallback(ConfigIncluder fallback) {
            return this;
        }

        @Override
        public ConfigObject include(ConfigIncludeContext context, String what) {
            throw refused(what);
        }

        @Override
        public ConfigObject includeFile(ConfigIncludeContext context, File what) {
            throw refused(what);
        }

        @Override
        public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
            throw refused(what);
        }

        @Override
        public ConfigObject includeResources(ConfigIncludeContext context, String what) {
            throw refused(what);
        }

        private static UserError refused(Object what) {
            return UserError.usage("include (%s) is allowed in files only".formatted(what));
        }
    }
}
