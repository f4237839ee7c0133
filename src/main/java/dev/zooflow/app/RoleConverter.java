package dev.zooflow.app;

import dev.zooflow.message.Role;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Roles by the names that topics have. */
final class RoleConverter implements ITypeConverter<Role> {

    @Override
    public Role convert(String value) {
        return Arrays.stream(Role.values())
                .filter(role -> role.id().equals(value))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException(
                        "role (%s) is unknown. Maybe one of %s?".formatted(value, String.join(", ", ids()))));
    }

    private static List<String> ids() {
        return Arrays.stream(Role.values()).map(Role::id).toList();
    }
}
