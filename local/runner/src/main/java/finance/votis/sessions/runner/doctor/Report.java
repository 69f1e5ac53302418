package finance.votis.sessions.runner.doctor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** All that was looked at, to be printed. */
record Report(Role role, List<Check> checks) {

    /** 0 nothing is wrong, 1 something is, 2 nothing is as far as is known, and not all is. */
    int exitCode() {
        return findings() > 0 ? 1 : unknown() > 0 ? 2 : 0;
    }

    private long findings() {
        return checks.stream().filter(Check.Found.class::isInstance).count();
    }

    private long unknown() {
        return checks.stream().filter(Check.NotKnown.class::isInstance).count();
    }

    /**
     * A line for each check, and under a finding its remedies.
     *
     * @param checks of one organisation, or of none
     */
    static List<String> lines(List<Check> checks) {
        List<String> lines = new ArrayList<>();
        lines.add(checks.getFirst().organizationId().map(id -> "in " + id).orElse("around it"));
        for (Check check : checks) {
            switch (check) {
                case Check.Held held -> lines.add(line("ok", held.subject(), held.tells()));
                case Check.Hint hint -> {
                    lines.add(line("hint", hint.subject(), hint.tells()));
                    hint.remedies().forEach(remedy -> lines.addAll(lines(remedy)));
                }
                case Check.Found found -> {
                    lines.add(line("FINDING", found.subject(), found.finding().means()));
                    found.finding().remedies().forEach(remedy -> lines.addAll(lines(remedy)));
                }
                case Check.NotKnown notKnown -> lines.add(line("unknown", notKnown.subject(), notKnown.why()));
            }
        }
        return lines;
    }

    /** The last line. */
    String summary() {
        String left = unknown() + " could not be looked at: ask again.";
        return switch (exitCode()) {
            case 1 ->
                findings() + " to mend. In a request put the time in milliseconds in place of <now>."
                        + (unknown() > 0 ? " " + left : "");
            case 2 -> left + " Nothing to mend in the rest.";
            default -> "Nothing to mend. Who stole this key could still " + role.left() + ".";
        };
    }

    private static String line(String verdict, Check.Subject subject, String tells) {
        return "  %-7s  %-13s  %s".formatted(verdict, subject, tells);
    }

    private static List<String> lines(Remedy remedy) {
        return switch (remedy) {
            case Remedy.Step(String text) -> List.of("           mend: " + text);
            case Remedy.Request(String stampedBy, String path, ObjectNode body) ->
                List.of("           mend: stamped by " + stampedBy + ", post to " + path, "           " + body);
        };
    }

    /** In one object. */
    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("ok", exitCode() == 0);
        ArrayNode array = json.putArray("checks");
        for (Check check : checks) {
            ObjectNode one = array.addObject().put("check", check.subject().toString());
            check.organizationId().ifPresent(id -> one.put("organizationId", id));
            switch (check) {
                case Check.Held held -> one.put("ok", true).put("message", held.tells());
                case Check.Hint hint ->
                    one.put("ok", true).put("message", hint.tells()).set("remedies", json(hint.remedies()));
                case Check.NotKnown notKnown -> one.put("ok", false).put("message", notKnown.why());
                case Check.Found found ->
                    one.put("ok", false)
                            .put("message", found.finding().means())
                            .set("remedies", json(found.finding().remedies()));
            }
        }
        return json;
    }

    private static ArrayNode json(List<Remedy> remedies) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        remedies.forEach(remedy -> array.add(json(remedy)));
        return array;
    }

    private static ObjectNode json(Remedy remedy) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        switch (remedy) {
            case Remedy.Step(String text) -> json.put("step", text);
            case Remedy.Request(String stampedBy, String path, ObjectNode body) -> {
                json.put("stampedBy", stampedBy).put("path", path);
                json.set("body", body);
            }
        }
        return json;
    }
}
