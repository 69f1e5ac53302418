package finance.votis.sessions.standins.aws;

/** Region and account that stand in every ARN: AWS's documentation account, and a region that a laptop's tools know. */
record Place(String region, String account) {
    static final Place LOCAL = new Place("eu-central-1", "111122223333");

    /** {@code resource} with its type, such as {@code key/…} or {@code secret:…}. */
    String arn(Operation.Service service, String resource) {
        return "arn:aws:" + service.signingName() + ":" + region + ":" + account + ":" + resource;
    }
}
