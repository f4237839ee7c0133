package dev.zooflow.data;

import java.util.ArrayList;
import java.util.List;

/**
 * The pen strokes of the ten digits, a few ways of writing each, in a unit box with the origin at the top left.
 *
 * <p>A glyph is written as in SVG paths: {@code M x,y} puts the pen down, {@code L x,y} draws a line, {@code Q c x,y} a
 * quadratic and {@code C c c x,y} a cubic Bézier curve. A line of the table is the digit and one way of writing it.
 */
final class StrokeFont {

    private static final String TABLE = """
            0 M .50,.00 C .05,.00 .00,.30 .00,.50 C .00,.75 .10,1.0 .50,1.0 C .90,1.0 1.0,.75 1.0,.50 C 1.0,.25 .95,.00 .50,.00
            0 M .62,.03 C .10,-.06 .00,.35 .02,.60 C .05,.90 .30,1.0 .50,1.0 C .85,1.0 1.0,.70 1.0,.45 C 1.0,.20 .80,.00 .45,.07
            1 M .50,.00 L .50,1.0
            1 M .25,.22 Q .45,.12 .55,.00 L .55,1.0
            1 M .22,.24 L .50,.00 L .50,1.0 M .20,1.0 L .82,1.0
            2 M .05,.25 C .10,-.08 .95,-.10 .95,.28 C .95,.55 .30,.75 .02,1.0 L 1.0,1.0
            2 M .10,.20 C .30,-.10 .95,-.05 .90,.30 C .85,.65 .45,.85 .20,.95 C -.05,1.02 .00,.75 .20,.78 C .45,.80 .60,1.05 1.0,.95
            3 M .08,.12 C .30,-.08 .90,-.05 .88,.25 C .86,.45 .55,.47 .40,.47 C .70,.47 .98,.55 .97,.75 C .95,1.05 .25,1.08 .03,.85
            3 M .05,.00 L .90,.00 L .45,.40 C .80,.40 1.0,.55 .97,.75 C .93,1.05 .20,1.08 .03,.85
            4 M .68,1.0 L .68,.00 L .00,.68 L 1.0,.68
            4 M .15,.00 Q .05,.30 .06,.52 L .92,.52 M .80,.05 L .72,1.0
            5 M .92,.00 L .18,.00 L .10,.45 C .40,.30 1.0,.35 .97,.70 C .94,1.05 .25,1.07 .03,.88
            5 M .20,.02 L .13,.43 C .50,.32 1.0,.40 .95,.70 C .90,1.05 .20,1.05 .03,.85 M .20,.02 L .95,.02
            6 M .80,.02 C .35,.15 .02,.45 .02,.72 C .02,1.08 .95,1.08 .95,.72 C .95,.42 .15,.42 .05,.75
            6 M .55,.00 C .20,.30 .00,.60 .08,.82 C .20,1.08 .90,1.05 .92,.75 C .93,.50 .40,.50 .12,.80
            7 M .00,.00 L 1.0,.00 Q .50,.50 .40,1.0
            7 M .02,.08 L .95,.00 Q .60,.45 .42,1.0 M .22,.50 L .85,.48
            8 M .85,.15 C .70,-.05 .10,-.08 .12,.22 C .15,.50 .98,.50 .96,.78 C .94,1.08 .03,1.08 .04,.78 C .06,.50 .88,.42 .85,.15
            8 M .50,.00 C .05,.00 .05,.45 .50,.46 C .95,.45 .95,.00 .50,.00 M .50,.46 C -.10,.47 -.10,1.0 .50,1.0 C 1.1,1.0 1.1,.47 .50,.46
            9 M .92,.25 C .80,-.08 .05,-.10 .05,.28 C .05,.60 .85,.55 .92,.25 C .95,.50 .85,.85 .70,1.0
            9 M .92,.28 C .90,-.10 .05,-.08 .05,.28 C .05,.58 .80,.58 .92,.25 C 1.0,.75 .85,1.05 .20,.95
            """;

    private static final List<List<Glyph>> DIGITS = parse();

    private StrokeFont() {}

    /** One piece of a path: 1, 2 or 3 points draw a line, a quadratic or a cubic curve; a move has one point. */
    record Piece(boolean move, int firstPoint, int points) {}

    /** One way of writing a digit: its pieces, and their points as x, y, x, y … */
    record Glyph(List<Piece> pieces, double[] points) {}

    /** The ways of writing a digit 0 … 9. */
    static List<Glyph> of(int digit) {
        return DIGITS.get(digit);
    }

    private static List<List<Glyph>> parse() {
        List<List<Glyph>> digits = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            digits.add(new ArrayList<>());
        }
        TABLE.lines()
                .forEach(line -> digits.get(Character.digit(line.charAt(0), 10)).add(glyph(line.substring(2))));
        return digits.stream().map(List::copyOf).toList();
    }

    private static Glyph glyph(String path) {
        List<Piece> pieces = new ArrayList<>();
        List<Double> points = new ArrayList<>();
        for (String command : path.split(" (?=[MLQC])", -1)) {
            String[] parts = command.split("[ ,]", -1);
            pieces.add(new Piece(parts[0].equals("M"), points.size() / 2, (parts.length - 1) / 2));
            for (int i = 1; i < parts.length; i++) {
                points.add(Double.valueOf(parts[i]));
            }
        }
        return new Glyph(
                List.copyOf(pieces),
                points.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
