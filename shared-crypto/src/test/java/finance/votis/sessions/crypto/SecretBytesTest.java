package finance.votis.sessions.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

final class SecretBytesTest {

    @Test
    void takesOverTheArrayAndWipesItOnClose() {
        byte[] array = {1, 2, 3};
        SecretBytes secret = SecretBytes.takeOver(array);
        assertThat(secret.isClosed()).isFalse();

        secret.close();
        secret.close();

        assertThat(array).containsExactly(0, 0, 0);
        assertThat(secret.isClosed()).isTrue();
    }

    @Test
    void copiesInAndOut() {
        byte[] array = {1, 2, 3};
        try (SecretBytes secret = SecretBytes.copyOf(array)) {
            array[0] = 9;
            byte[] copy = secret.dangerouslyCopy();
            assertThat(copy).containsExactly(1, 2, 3);
            copy[0] = 9;
            assertThat(secret.dangerouslyCopy()).containsExactly(1, 2, 3);
            assertThat(secret.length()).isEqualTo(3);
        }
        assertThat(array).containsExactly(9, 2, 3);
    }

    @Test
    void refusesUseAfterClose() {
        SecretBytes secret = SecretBytes.copyOf(new byte[] {1});
        SecretBytes other = SecretBytes.copyOf(new byte[] {1});
        secret.close();

        assertThatIllegalStateException().isThrownBy(secret::length);
        assertThatIllegalStateException().isThrownBy(secret::dangerouslyCopy);
        assertThatIllegalStateException()
                .isThrownBy(() -> assertThat(secret.equals(other)).isFalse());
        assertThatIllegalStateException()
                .isThrownBy(() -> assertThat(other.equals(secret)).isFalse());
        assertThat(secret).hasToString("<redacted>");
    }

    @Test
    void comparesContentsAndHashesNone() {
        SecretBytes secret = SecretBytes.copyOf(new byte[] {1, 2});

        assertThat(secret).isEqualTo(SecretBytes.copyOf(new byte[] {1, 2}));
        assertThat(secret).isNotEqualTo(SecretBytes.copyOf(new byte[] {1, 3}));
        assertThat(secret).isNotEqualTo(SecretBytes.copyOf(new byte[] {1, 2, 0}));
        Object same = secret;
        assertThat(secret.equals(same)).isTrue();
        assertThat(secret.equals(new Object())).isFalse();
        assertThat(secret).hasSameHashCodeAs(SecretBytes.copyOf(new byte[] {7}));
    }
}
