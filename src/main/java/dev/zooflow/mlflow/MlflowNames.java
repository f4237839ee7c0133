package dev.zooflow.mlflow;

/** Keys and values as MLflow allows them: {@code mlflow/utils/validation.py} of MLflow 2. */
final class MlflowNames {

    private static final int LONGEST_KEY = 250;
    private static final int LONGEST_PARAM = 6_000;
    private static final int LONGEST_TAG = 5_000;

    private MlflowNames() {}

    /** Letters, digits, {@code _ - . /} and spaces; {@code +}, as in {@code group+k}, is spelt out. */
    static String key(String text) {
        return cut(text.replace("+", " plus ").replaceAll("[^/\\w.\\- ]", "_"), LONGEST_KEY);
    }

    static String param(String text) {
        return cut(text, LONGEST_PARAM);
    }

    static String tag(String text) {
        return cut(text, LONGEST_TAG);
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most);
    }
}
