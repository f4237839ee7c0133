package dev.zooflow.dashboard;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.zooflow.Programme;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;

/** Headless Chromium. Tests are skipped where it or its driver is missing. */
final class Browser implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MOST_TABS = 60;

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    static Browser start() {
        Optional<Browser> browser = startIfThere();
        assumeTrue(
                browser.isPresent(),
                "no Chromium with its driver on the PATH. Maybe apt-get install chromium chromium-driver?");
        return browser.orElseThrow();
    }

    /** Empty where it or its driver is missing. */
    static Optional<Browser> startIfThere() {
        return Programme.chromium()
                .flatMap(chromium -> Programme.find("chromedriver").map(driver -> start(chromium, driver)));
    }

    private static Browser start(Path chromium, Path chromedriver) {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--window-size=1440,1000",
                "--hide-scrollbars");
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(chromedriver.toFile())
                .usingAnyFreePort()
                .withSilent(true)
                .build();
        return new Browser(new ChromeDriver(service, options));
    }

    void open(String address) {
        driver.get(address);
    }

    /** What a script returns. */
    Object run(String script, Object... arguments) {
        return ((JavascriptExecutor) driver).executeScript(script, arguments);
    }

    double number(String script) {
        return run("return " + script) instanceof Number n ? n.doubleValue() : Double.NaN;
    }

    /** From the request of the page to the first of its content that was painted. */
    double paintMillis() {
        return number("performance.getEntriesByName('first-contentful-paint')[0].startTime");
    }

    /** Memory of the page's script. */
    double heapMib() {
        return number("performance.memory.usedJSHeapSize") / (1024 * 1024);
    }

    WebElement find(String css) {
        return driver.findElement(By.cssSelector(css));
    }

    List<WebElement> all(String css) {
        return driver.findElements(By.cssSelector(css));
    }

    /** Clicks an element, once more where it was drawn again meanwhile. */
    void click(String css) {
        until("a click on " + css, () -> {
            find(css).click();
            return true;
        });
    }

    String text(String css) {
        return String.valueOf(run("return document.querySelector(arguments[0])?.textContent", css));
    }

    /** The texts of all elements, read at one moment. */
    List<?> texts(String css) {
        return (List<?>) run("return [...document.querySelectorAll(arguments[0])].map(e => e.textContent.trim())", css);
    }

    void press(CharSequence... keys) {
        new Actions(driver).sendKeys(keys).perform();
    }

    void tab() {
        press(Keys.TAB);
    }

    /** Goes on by TAB until such an element has the focus. */
    void tabTo(String css) {
        for (int i = 0; i < MOST_TABS; i++) {
            if (focused(css)) {
                return;
            }
            tab();
        }
        throw new AssertionError("%d times TAB do not reach %s".formatted(MOST_TABS, css));
    }

    /** Whether what has the focus is such an element. */
    boolean focused(String css) {
        return Boolean.TRUE.equals(run("return document.activeElement.matches(arguments[0])", css));
    }

    /** In which ways elements are painted: the values that a property has in any of them. */
    List<?> styles(String css, String property) {
        return (List<?>) run(
                "return [...new Set([...document.querySelectorAll(arguments[0])]"
                        + ".map(e => getComputedStyle(e)[arguments[1]]))]",
                css,
                property);
    }

    Chart chart(String name) {
        return new Chart(this, name);
    }

    /** Lets the system ask for dark or light pages. */
    void scheme(String scheme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** Waits until something holds; returns how long that took. */
    Duration until(String what, Supplier<Boolean> holds) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < PATIENCE.toNanos()) {
            try {
                if (holds.get()) {
                    return Duration.ofNanos(System.nanoTime() - start);
                }
                Thread.sleep(20);
            } catch (StaleElementReferenceException e) {
                Thread.onSpinWait(); // Drawn again meanwhile.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        throw new AssertionError("not within %s: %s; the page says: %s".formatted(PATIENCE, what, errors()));
    }

    /** What the page complained about. */
    List<String> errors() {
        return driver.manage().logs().get("browser").getAll().stream()
                .map(entry -> entry.getMessage())
                .toList();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
