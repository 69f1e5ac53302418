package finance.votis.sessions.runner.template;

/** Where in the file something stands: line from 1, path as {@code Resources.Api.Properties}. */
record Place(String file, int line, String path) {
    Place in(String member, int line) {
        return new Place(file, line, path.isEmpty() ? member : path + "." + member);
    }

    @Override
    public String toString() {
        return file + ":" + line + (path.isEmpty() ? "" : ": " + path);
    }
}
