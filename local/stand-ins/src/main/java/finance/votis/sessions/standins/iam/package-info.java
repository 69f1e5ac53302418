/**
 * Who may do what in an AWS account: policies as IAM reads them, and the identities that they are attached to. Decides by AWS's own
 * rules for one account, and refuses a policy that says something that is not played here instead of passing over it. It knows no
 * service: what is asked, on what and in which context, the services say.
 */
@NullMarked
package finance.votis.sessions.standins.iam;

import org.jspecify.annotations.NullMarked;
