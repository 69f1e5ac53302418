/**
 * What we keep at AWS: stamping keys in KMS or Secrets Manager, server sessions in Secrets Manager, wrapped by KMS, and lines in CloudWatch Logs. Only this room
 * sees the SDK; what it hands out are stampers, versions, secret bytes and lines, and its failures name operation and error code alone. Nothing is fetched before it is
 * asked for, so that no snapshot of a function holds a secret.
 */
@NullMarked
package finance.votis.sessions.aws;

import org.jspecify.annotations.NullMarked;
