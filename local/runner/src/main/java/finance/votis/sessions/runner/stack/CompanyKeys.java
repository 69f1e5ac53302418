package finance.votis.sessions.runner.stack;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Where the company's stamping keys lie: the template's parameters for the delegate's and the admin's key, both alike. */
public enum CompanyKeys {
    KMS,
    SECRET;

    /** As the template's parameters name it. */
    String kind() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<CompanyKeys> ofKind(String kind) {
        return Arrays.stream(values()).filter(one -> one.kind().equals(kind)).findFirst();
    }

    /** Of those that a template has, each named session's among them. */
    Map<String, String> parameters(List<String> names) {
        return names.stream()
                .filter(name -> name.endsWith("CredentialKind"))
                .collect(Collectors.toMap(name -> name, name -> kind()));
    }

    /** Of a command's option. */
    public static final class Converter implements ITypeConverter<CompanyKeys> {
        @Override
        public CompanyKeys convert(String value) {
            return ofKind(value).orElseThrow(() -> new TypeConversionException("kms or secret"));
        }
    }
}
