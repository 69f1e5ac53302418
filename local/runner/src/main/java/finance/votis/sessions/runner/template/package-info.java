/**
 * Reads {@code template.yaml} as far as this machine can play it: parameters, conditions, intrinsic functions, and the resources that
 * the stack starts. What it does not know it refuses by name and line, so that a wrong template fails here and not in the cloud. It
 * starts nothing and knows no stand-in: values of resources are handed in by {@link References}.
 */
@NullMarked
package finance.votis.sessions.runner.template;

import org.jspecify.annotations.NullMarked;
