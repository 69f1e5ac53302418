package finance.votis.sessions.providers;

/** AWS itself, by choice. Here its documentation is what is tested, so no difference is taken. */
class AwsTest extends AwsContract {

    @Override
    Account open() {
        Skipped.unless(
                Account.isAwsAskedFor(System.getenv()),
                "AWS itself: " + Account.OPT_IN + " is not true (docs/operations.md, \"Tests against your accounts\")");
        return Account.ofProfile(System.getenv());
    }

    @Override
    void shut() {}
}
