package dev.zooflow.app;

import dev.zooflow.experiment.UserError;
import dev.zooflow.message.Role;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Roles by the names that topics have, and beside them the coordinator, which has no queue. */
final class RoleConverter implements ITypeConverter<Role> {

    private static final String COORDINATOR = "coordinator";

    @Override
    public Role convert(String value) {
        return Arrays.stream(Role.values())
                .filter(role -> role.id().equals(value))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException(
                        "role (%s) is unknown. Maybe one of %s?".formatted(value, String.join(", ", ids()))));
    }

    /** What a process does that has these names on its command line. */
    static Crew.Duties duties(Set<String> names) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        RoleConverter converter = new RoleConverter();
        for (String name : names) {
            if (!name.equals(COORDINATOR)) {
                roles.add(role(converter, name));
            }
        }
        return new Crew.Duties(roles, Optional.empty(), names.contains(COORDINATOR));
    }

    private static Role role(RoleConverter converter, String name) {
        try {
            return converter.convert(name);
        } catch (TypeConversionException e) {
            throw UserError.usage(e.getMessage(), e);
        }
    }

    /** All names. */
    static List<String> everything() {
        return Stream.concat(Stream.of(COORDINATOR), ids().stream()).toList();
    }

    private static List<String> ids() {
        return Arrays.stream(Role.values()).map(Role::id).toList();
    }
}
