package finance.votis.sessions.standins.turnkey;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** What is asked. Who may ask in an organisation may read all of it. Guarded by the {@link World}. */
final class Queries {
    private static final Pattern LIMIT = Pattern.compile("[1-9][0-9]?|100");
    private static final int DEFAULT_LIMIT = 10;

    private final Activities activities;

    Queries(Activities activities) {
        this.activities = activities;
    }

    ObjectNode apiKeys(Organization organization, Fields fields) throws Refusal {
        Optional<String> userId = fields.uuid("userId");
        List<ApiKey> keys = userId.isPresent()
                ? user(organization, userId.get()).keys()
                : organization.users().stream()
                        .flatMap(user -> user.keys().stream())
                        .toList();
        ObjectNode answer = Json.object();
        answer.set("apiKeys", Answers.apiKeys(keys));
        return answer;
    }

    ObjectNode apiKey(Organization organization, Fields fields) throws Refusal {
        String id = fields.requiredUuid("apiKeyId");
        ApiKey key = organization.users().stream()
                .flatMap(user -> user.key(id).stream())
                .findFirst()
                .orElseThrow(() -> Refusal.notFound("api key"));
        ObjectNode answer = Json.object();
        answer.set("apiKey", Answers.apiKey(key));
        return answer;
    }

    ObjectNode user(Organization organization, Fields fields) throws Refusal {
        ObjectNode answer = Json.object();
        answer.set("user", Answers.user(user(organization, fields.requiredUuid("userId"))));
        return answer;
    }

    ObjectNode users(Organization organization) {
        ObjectNode answer = Json.object();
        ArrayNode users = answer.putArray("users");
        organization.users().forEach(user -> users.add(Answers.user(user)));
        return answer;
    }

    /** In the order of their making; no paging, since an organisation has a hundred at most. */
    ObjectNode policies(Organization organization) {
        ObjectNode answer = Json.object();
        ArrayNode policies = answer.putArray("policies");
        organization.registeredPolicies().forEach(policy -> policies.add(Answers.policy(policy)));
        return answer;
    }

    ObjectNode configs(Organization organization) {
        ObjectNode answer = Json.object();
        answer.set("configs", Answers.configs(organization));
        return answer;
    }

    ObjectNode activity(Organization organization, Fields fields, User viewer) throws Refusal {
        Activity activity = organization
                .activity(fields.requiredUuid("activityId"))
                .orElseThrow(() -> Refusal.notFound("activity"));
        ObjectNode answer = Json.object();
        answer.set("activity", Answers.activity(activities.look(activity), viewer));
        return answer;
    }

    /** The newest first, ours. */
    ObjectNode activities(Organization organization, Fields fields, User viewer) throws Refusal {
        List<String> types = fields.strings("filterByType");
        List<String> statuses = fields.strings("filterByStatus");
        Page page = Page.read(fields);
        ObjectNode answer = Json.object();
        ArrayNode array = answer.putArray("activities");
        List<Activity> asked = organization.activities().reversed().stream()
                .filter(activity ->
                        types.isEmpty() || types.contains(activity.type().wireName()))
                .filter(activity -> statuses.isEmpty()
                        || statuses.contains(activity.status().wireName()))
                .toList();
        for (Activity activity : page.of(asked, Activity::id)) {
            array.add(Answers.activity(activity, viewer));
        }
        return answer;
    }

    /** In the order of their making, ours. */
    ObjectNode subOrganizations(List<Organization> all, Fields fields) throws Refusal {
        if (fields.string("filterType").isPresent()
                || fields.string("filterValue").isPresent()) {
            throw Refusal.badRequestBody("filters of sub-organisations are left out here"); // ours
        }
        ObjectNode answer = Json.object();
        ArrayNode ids = answer.putArray("organizationIds");
        Page.read(fields).of(all, Organization::id).forEach(organization -> ids.add(organization.id()));
        return answer;
    }

    private static User user(Organization organization, String id) throws Refusal {
        return organization.user(id).orElseThrow(() -> Refusal.notFound("user"));
    }

    /** A part of a list: what comes after an id of it, or what stands right before one. */
    private record Page(int limit, Optional<String> before, Optional<String> after) {
        static Page read(Fields fields) throws Refusal {
            Fields options = new Fields(
                    "paginationOptions.", fields.object("paginationOptions").orElseGet(Json::object));
            Optional<String> limit = options.string("limit");
            if (limit.isPresent() && !LIMIT.matcher(limit.get()).matches()) {
                throw Refusal.badRequestBody("paginationOptions.limit must be a string of 1 to 100");
            }
            Page page = new Page(
                    limit.map(Integer::parseInt).orElse(DEFAULT_LIMIT), options.uuid("before"), options.uuid("after"));
            if (page.before.isPresent() && page.after.isPresent()) {
                throw Refusal.badRequestBody("paginationOptions has before or after"); // ours
            }
            return page;
        }

        <T> List<T> of(List<T> all, Function<T, String> idOf) throws Refusal {
            List<String> ids = all.stream().map(idOf).toList();
            int start = after.isPresent() ? position(ids, after.get()) + 1 : 0;
            int end = before.isPresent() ? position(ids, before.get()) : all.size();
            return before.isPresent()
                    ? all.subList(Math.max(start, end - limit), end)
                    : all.subList(start, Math.min(end, start + limit));
        }

        private static int position(List<String> ids, String id) throws Refusal {
            int position = ids.indexOf(id);
            if (position < 0) {
                throw Refusal.badRequestBody("paginationOptions names nothing in this list");
            }
            return position;
        }
    }
}
