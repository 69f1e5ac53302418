package finance.votis.sessions.standins.turnkey;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A policy: an effect, and when it holds. A part that is absent always holds.
 *
 * @param parameters as it was made, to be told to who asks
 */
record Policy(
        String name,
        Effect effect,
        Optional<Expression> consensus,
        Optional<Expression> condition,
        ObjectNode parameters) {
    enum Effect {
        EFFECT_ALLOW,
        EFFECT_DENY
    }

    /** @param json {@code {policyName, effect, consensus?, condition?, notes?}} */
    static Policy read(String json) {
        try {
            ObjectNode object = Json.readObject(json.getBytes(StandardCharsets.UTF_8));
            Fields fields = new Fields("", object);
            Optional<Expression> consensus = fields.string("consensus").map(Expression::consensus);
            Optional<Expression> condition = fields.string("condition").map(Expression::condition);
            fields.string("notes");
            Policy policy = new Policy(
                    fields.requiredString("policyName"),
                    Effect.valueOf(fields.requiredString("effect")),
                    consensus,
                    condition,
                    object);
            fields.refuseOthers();
            if (consensus.isEmpty() && condition.isEmpty()) {
                throw new IllegalArgumentException("a policy has a consensus or a condition");
            }
            return policy;
        } catch (Refusal e) {
            throw new IllegalArgumentException("not a policy: " + e.json(), e);
        }
    }

    Expression.Outcome consensusHolds(Expression.Facts facts) {
        return consensus.map(expression -> expression.evaluate(facts)).orElse(Expression.Outcome.TRUE);
    }

    Expression.Outcome conditionHolds(Expression.Facts facts) {
        return condition.map(expression -> expression.evaluate(facts)).orElse(Expression.Outcome.TRUE);
    }
}
