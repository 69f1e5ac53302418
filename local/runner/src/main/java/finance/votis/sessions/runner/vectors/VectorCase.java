package finance.votis.sessions.runner.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** One case of a file: its members by name, and what has been found to differ from them. */
final class VectorCase {

    /** A case that cannot be run: a member is missing, or is not what its kind asks for. */
    static final class MalformedCaseException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedCaseException(String why) {
            super(why);
        }
    }

    private static final int LONGEST = 16 << 20;

    private final JsonNode members;
    private final List<String> differences = new ArrayList<>();
    private final List<String> differencesFromRecommendation = new ArrayList<>();

    VectorCase(JsonNode members) {
        this.members = members;
    }

    boolean has(String name) {
        return members.has(name);
    }

    /** Whether its input is to be taken; of one that is not, there are no values to expect. */
    boolean isValid() {
        return members.path("valid").asBoolean();
    }

    /** Notes a difference if what was found is not what the case asks for: that its input is taken, or refused. */
    void expectVerdict(boolean accepted) throws MalformedCaseException {
        JsonNode valid = member("valid");
        if (!valid.isBoolean()) {
            throw new MalformedCaseException("valid is not true or false");
        }
        JsonNode strict = members.path("strict");
        // A recommendation, from which one may differ, and not a rule.
        List<String> noted =
                strict.path("certainty").asText().equals("should") ? differencesFromRecommendation : differences;
        if (valid.booleanValue() != accepted) {
            noted.add(accepted ? "accepted, but it is to be refused" : "refused, but it is to be accepted");
        }
        if (strict.has("verdict")
                && !strict.path("verdict").asText().equals(valid.booleanValue() ? "accept" : "reject")) {
            noted.add("valid and strict.verdict contradict each other");
        }
    }

    String text(String name) throws MalformedCaseException {
        JsonNode member = member(name);
        if (!member.isTextual()) {
            throw new MalformedCaseException(name + " is not a string");
        }
        return member.textValue();
    }

    /** The member {@code name}, or what {@code nameRepeat} spells: a unit, repeated. */
    String textOrRepeated(String name) throws MalformedCaseException {
        if (has(name)) {
            return text(name);
        }
        VectorCase repeat = object(name + "Repeat");
        String unit = repeat.text("unit");
        int count = repeat.number("count");
        if ((long) unit.length() * count > LONGEST) {
            throw new MalformedCaseException(name + "Repeat is longer than " + LONGEST);
        }
        return unit.repeat(count);
    }

    byte[] hex(String name) throws MalformedCaseException {
        try {
            return HexFormat.of().parseHex(text(name));
        } catch (IllegalArgumentException notHex) {
            throw new MalformedCaseException(name + " is not hex");
        }
    }

    /** Not negative. */
    int number(String name) throws MalformedCaseException {
        JsonNode member = member(name);
        if (!member.isInt() || member.intValue() < 0) {
            throw new MalformedCaseException(name + " is not a number");
        }
        return member.intValue();
    }

    VectorCase object(String name) throws MalformedCaseException {
        JsonNode member = member(name);
        if (!member.isObject()) {
            throw new MalformedCaseException(name + " is not an object");
        }
        return new VectorCase(member);
    }

    List<VectorCase> objects(String name) throws MalformedCaseException {
        JsonNode member = member(name);
        if (!member.isArray()) {
            throw new MalformedCaseException(name + " is not a list");
        }
        List<VectorCase> objects = new ArrayList<>();
        for (JsonNode element : member) {
            if (!element.isObject()) {
                throw new MalformedCaseException(name + " holds something else than objects");
            }
            objects.add(new VectorCase(element));
        }
        return objects;
    }

    private JsonNode member(String name) throws MalformedCaseException {
        JsonNode member = members.get(name);
        if (member == null) {
            throw new MalformedCaseException(name + " is missing");
        }
        return member;
    }

    /** Notes a difference of what was computed from the expected text. */
    void expect(String name, String computed) throws MalformedCaseException {
        if (!text(name).equals(computed)) {
            differs(name);
        }
    }

    /** The same for bytes that are written in lower-case hex. */
    void expect(String name, byte[] computed) throws MalformedCaseException {
        expect(name, HexFormat.of().formatHex(computed));
    }

    void expect(String name, int computed) throws MalformedCaseException {
        if (number(name) != computed) {
            differs(name);
        }
    }

    void expect(String name, boolean computed) throws MalformedCaseException {
        JsonNode member = member(name);
        if (!member.isBoolean() || member.booleanValue() != computed) {
            differs(name);
        }
    }

    /** Takes over what a part of this case found. */
    void include(String part, VectorCase found) {
        found.differences.forEach(difference -> differences.add(part + "." + difference));
    }

    void differs(String what) {
        differences.add(what);
    }

    List<String> differences() {
        return List.copyOf(differences);
    }

    List<String> differencesFromRecommendation() {
        return List.copyOf(differencesFromRecommendation);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
