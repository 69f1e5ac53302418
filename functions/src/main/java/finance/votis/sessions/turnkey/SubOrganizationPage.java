package finance.votis.sessions.turnkey;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A page of a list of sub-organisations. */
record SubOrganizationPage(List<OrganizationId> ids) {
    static SubOrganizationPage read(JsonNode answer) throws MalformedAnswer {
        JsonNode listed = answer.path("organizationIds");
        if (!listed.isArray()) {
            throw new MalformedAnswer("organizationIds is not an array");
        }
        List<OrganizationId> ids = new ArrayList<>();
        for (JsonNode id : listed) {
            ids.add(Optional.ofNullable(id.textValue())
                    .flatMap(OrganizationId::parse)
                    .orElseThrow(() -> new MalformedAnswer("organizationIds holds something that is no id")));
        }
        return new SubOrganizationPage(List.copyOf(ids));
    }

    /** Where the next page begins; empty if there is no next one. */
    Optional<OrganizationId> last() {
        return ids.size() < PageEnd.FULL ? Optional.empty() : Optional.of(ids.getLast());
    }
}
