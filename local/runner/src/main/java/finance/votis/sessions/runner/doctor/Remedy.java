package finance.votis.sessions.runner.doctor;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What mends a finding. */
sealed interface Remedy {

    /** Something to do by hand, in one line. */
    record Step(String text) implements Remedy {}

    /**
     * A request for Turnkey, whole but for the time that it is stamped at.
     *
     * @param stampedBy whose stamp Turnkey takes for it
     * @param path to be posted to
     */
    record Request(String stampedBy, String path, ObjectNode body) implements Remedy {

        static Request of(String stampedBy, String name, String type, String organizationId, ObjectNode parameters) {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            body.put("type", "ACTIVITY_TYPE_" + type);
            body.put("timestampMs", "<now>");
            body.put("organizationId", organizationId);
            body.set("parameters", parameters);
            return new Request(stampedBy, "/public/v1/submit/" + name, body);
        }
    }
}
