/**
 * Secrets Manager, KMS and CloudWatch Logs as this product meets them: AWS JSON 1.1 on one endpoint, so that the unmodified SDK drives it by
 * {@code AWS_ENDPOINT_URL_SECRETS_MANAGER}, {@code AWS_ENDPOINT_URL_KMS} and {@code AWS_ENDPOINT_URL_CLOUDWATCH_LOGS}. Versions and stages move by the service's real
 * rules, and what is encrypted is truly encrypted; where AWS's API reference leaves a case open, a comment says what was
 * chosen. All state is in memory.
 */
@NullMarked
package finance.votis.sessions.standins.aws;

import org.jspecify.annotations.NullMarked;
