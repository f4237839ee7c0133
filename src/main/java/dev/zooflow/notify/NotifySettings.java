package dev.zooflow.notify;

import com.typesafe.config.Config;
import dev.zooflow.experiment.UserError;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who is told of what: {@code zooflow.notify} of {@code reference.conf}.
 *
 * @param webhook that notices are posted to; whoever knows it may post, so it is a secret
 * @param command that is run for each notice; empty for none
 * @param on what
 * @param maxAge of an event that is still told
 */
public record NotifySettings(Optional<URI> webhook, List<String> command, Set<Kind> on, Duration maxAge) {

    /** Copies the collections. */
    public NotifySettings {
        command = List.copyOf(command);
        on = Set.copyOf(on);
        if (maxAge.isNegative() || maxAge.isZero()) {
            throw UserError.usage("notify.max-age (%s) is no time. Maybe 1 h?".formatted(maxAge));
        }
    }

    /** Reads the section {@code notify}. */
    public static NotifySettings create(Config section) {
        Set<Kind> on = EnumSet.noneOf(Kind.class);
        section.getStringList("on").forEach(name -> on.add(kind(name)));
        String webhook = section.getString("webhook").strip();
        return new NotifySettings(
                webhook.isEmpty() ? Optional.empty() : Optional.of(address(webhook)),
                section.getStringList("command"),
                on,
                section.getDuration("max-age"));
    }

    private static Kind kind(String name) {
        return Arrays.stream(Kind.values())
                .filter(kind -> kind.id().equals(name))
                .findFirst()
                .orElseThrow(() -> UserError.usage(
                        "notify.on (%s) is unknown. Maybe one of failed, stuck, done?".formatted(name)));
    }

    // Neither message nor cause shows the address.
    private static URI address(String webhook) {
        try {
            URI uri = new URI(webhook);
            if (List.of("http", "https").contains(String.valueOf(uri.getScheme())) && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw badAddress();
        }
        throw badAddress();
    }

    private static UserError badAddress() {
        return UserError.usage("notify.webhook (not shown) is no address. Maybe https://HOST/PATH?");
    }

    /** Whether anybody is to be told of anything. */
    public boolean enabled() {
        return (webhook.isPresent() || !command.isEmpty()) && !on.isEmpty();
    }

    /** Without what may be secret. */
    @Override
    public String toString() {
        return "NotifySettings[webhook=%s, command=%s, on=%s, maxAge=%s]"
                .formatted(webhook.isPresent(), !command.isEmpty(), on, maxAge);
    }
}
