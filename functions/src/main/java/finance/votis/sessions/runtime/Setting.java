package finance.votis.sessions.runtime;

import java.util.Optional;

/** One value that {@link Settings} read. It can be had once {@link Settings#check} found no mistake. */
public final class Setting<T> {

    private final Optional<T> value;

    Setting(Optional<T> value) {
        this.value = value;
    }

    boolean isRead() {
        return value.isPresent();
    }

    /**
     * The value.
     *
     * @throws IllegalStateException if the setting was a mistake, so that {@link Settings#check} was left out
     */
    public T get() {
        return value.orElseThrow(() -> new IllegalStateException("settings were not checked"));
    }
}
