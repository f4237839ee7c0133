package dev.zooflow.message;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.doctree.ValueTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree.Kind;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** What the Javadoc of the messages says, as plain text: the descriptions of their schemas. */
public final class Javadocs {

    private static final Path SOURCES = Path.of("src/main/java/dev/zooflow/message");

    private final Map<String, String> texts = new HashMap<>();
    private final Map<String, String> constants = new HashMap<>();

    private Javadocs() {}

    /** That of all sources of package {@code message}. */
    public static Javadocs ofMessages() {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Javadocs docs = new Javadocs();
        try (Stream<Path> files = Files.list(SOURCES);
                StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null,
                    manager,
                    null,
                    List.of("-proc:none"),
                    null,
                    manager.getJavaFileObjectsFromPaths(files.sorted().toList()));
            for (CompilationUnitTree unit : task.parse()) {
                docs.new Reader(DocTrees.instance(task)).scan(unit, null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return docs;
    }

    /** The text of a type. */
    public Optional<String> of(Class<?> type) {
        return text(name(type));
    }

    /** The text of an enum constant. */
    public Optional<String> of(Enum<?> constant) {
        return text(name(constant.getDeclaringClass()) + "#" + constant.name());
    }

    /** The text of a record component: its own, or that of the method of an interface which it implements. */
    Optional<String> of(Class<?> type, String component) {
        return text(name(type) + "#" + component)
                .or(() -> Stream.of(type.getInterfaces())
                        .flatMap(i -> of(i, component).stream())
                        .findFirst());
    }

    private Optional<String> text(String name) {
        return Optional.ofNullable(texts.get(name)).map(text -> {
            String out = text;
            for (Map.Entry<String, String> constant : constants.entrySet()) {
                out = out.replace("{" + constant.getKey() + "}", constant.getValue());
            }
            return out;
        });
    }

    private static String name(Class<?> type) {
        return type.getEnclosingClass() == null
                ? type.getSimpleName()
                : name(type.getEnclosingClass()) + "." + type.getSimpleName();
    }

    /** Reads one file. */
    private final class Reader extends TreePathScanner<@Nullable Void, @Nullable Void> {
        private final DocTrees trees;
        private final Deque<String> path = new ArrayDeque<>();

        Reader(DocTrees trees) {
            this.trees = trees;
        }

        @Override
        public @Nullable Void visitClass(ClassTree tree, @Nullable Void nothing) {
            path.addLast(tree.getSimpleName().toString());
            String name = String.join(".", path);
            DocCommentTree comment = trees.getDocCommentTree(getCurrentPath());
            if (comment != null) {
                texts.put(name, plain(comment.getFullBody(), name));
                for (DocTree block : comment.getBlockTags()) {
                    if (block instanceof ParamTree p) {
                        texts.put(name + "#" + p.getName(), sentence(p.getDescription(), name));
                    }
                }
            }
            super.visitClass(tree, null);
            path.removeLast();
            return null;
        }

        @Override
        public @Nullable Void visitMethod(MethodTree tree, @Nullable Void nothing) {
            return member(tree.getName().toString());
        }

        @Override
        public @Nullable Void visitVariable(VariableTree tree, @Nullable Void nothing) {
            if (tree.getInitializer() instanceof com.sun.source.tree.LiteralTree literal
                    && literal.getKind() == Kind.STRING_LITERAL) {
                constants.put(String.join(".", path) + "#" + tree.getName(), String.valueOf(literal.getValue()));
            }
            return member(tree.getName().toString());
        }

        private @Nullable Void member(String member) {
            String name = String.join(".", path);
            DocCommentTree comment = trees.getDocCommentTree(getCurrentPath());
            if (comment != null) {
                texts.putIfAbsent(name + "#" + member, plain(comment.getFullBody(), name));
            }
            return null;
        }
    }

    private static String plain(List<? extends DocTree> parts, String owner) {
        return parts.stream()
                .map(part -> plain(part, owner))
                .collect(Collectors.joining())
                .replaceAll("\\s+", " ")
                .strip();
    }

    private static String plain(DocTree part, String owner) {
        if (part instanceof TextTree t) {
            return t.getBody();
        } else if (part instanceof LiteralTree l) {
            return l.getBody().getBody();
        } else if (part instanceof LinkTree l) {
            String reference = l.getReference().getSignature().replaceFirst("^#", "");
            return l.getLabel().isEmpty() ? reference : plain(l.getLabel(), owner);
        } else if (part instanceof ValueTree v) {
            return "{" + owner + v.getReference().getSignature() + "}";
        }
        return "";
    }

    /** Descriptions of parameters begin in lower case and have no full stop. */
    private static String sentence(List<? extends DocTree> parts, String owner) {
        String text = plain(parts, owner);
        return !parts.isEmpty() && parts.get(0) instanceof TextTree
                ? text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + "."
                : text;
    }
}
