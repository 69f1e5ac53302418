package finance.votis.sessions.runner.doctor;

import finance.votis.sessions.runner.terminal.WrongValueException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;

/** What a key is for, and so which policies its user is meant to have: {@code docs/operations.md}, "What you need at Turnkey". */
enum Role {
    DELEGATE(
            "make a session for any user of each of these organisations and act as that user, which no policy can narrow: docs/security.md"),
    KEEPER("delete the API keys of the end user, and read each of these organisations"),
    ADMIN(
            "do what its job's policies allow, make sessions and keys for its own user, and read its organisation, of a parent every sub-organisation"),
    WATCH("make keys for its own user, and read its organisation, of a parent every sub-organisation");

    private final String left;

    Role(String left) {
        this.left = left;
    }

    /** Files of {@code docs/turnkey} that may allow its user something. */
    List<String> allowing() {
        return switch (this) {
            case DELEGATE ->
                List.of("delegate-creates-read-write-sessions.json", "delegate-deletes-keys-of-end-user.json");
            case KEEPER -> List.of("delegate-deletes-keys-of-end-user.json");
            case ADMIN, WATCH -> List.of();
        };
    }

    /** Files of {@code docs/turnkey} that have to be there. */
    List<String> denying() {
        return switch (this) {
            case DELEGATE -> List.of("delegate-adds-no-credentials.json");
            case ADMIN -> List.of("session-keys-manage-no-credentials.json", "session-keys-make-no-sessions.json");
            case KEEPER, WATCH -> List.of();
        };
    }

    /** Files of {@code docs/turnkey} that bind others than its user, in its organisation. */
    List<String> recommended() {
        return switch (this) {
            case DELEGATE -> List.of("session-keys-manage-no-credentials.json");
            case KEEPER, ADMIN, WATCH -> List.of();
        };
    }

    /** What a thief of the key could do where nothing is found. */
    String left() {
        return left;
    }

    /** Whether its user lives in the parent, as a rule. */
    boolean isOfTheParent() {
        return this == ADMIN || this == WATCH;
    }

    /** From the command line, as it is printed. */
    static final class Converter implements ITypeConverter<Role> {
        @Override
        public Role convert(String text) {
            return Arrays.stream(values())
                    .filter(role -> role.toString().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new WrongValueException("takes delegate, keeper, admin or watch"));
        }
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
