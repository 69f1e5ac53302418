package finance.votis.sessions.runner.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuntimeClientTest {
    @ParameterizedTest
    @CsvSource({"Linux, amd64, x86_64", "Linux, aarch64, aarch_64"})
    void linuxHasALibraryInTheClientsJar(String system, String machine, String processor) {
        assertThat(RuntimeClient.nativeLibrary(system, machine)).hasValueSatisfying(name -> {
            assertThat(name).endsWith("-" + processor + ".so");
            assertThat(getClass().getResource("/jni/" + name)).isNotNull();
        });
    }

    @ParameterizedTest
    @CsvSource({"Mac OS X, aarch64", "Mac OS X, x86_64", "Linux, riscv64"})
    void otherSystemsHaveNone(String system, String machine) {
        assertThat(RuntimeClient.nativeLibrary(system, machine)).isEmpty();
    }

    /** 85 % of the function's memory, as Lambda gives: 445,645 KiB of 512 MB. */
    @Test
    void theHeapIsLambdas(@TempDir Path folder) throws Exception {
        RuntimeClient client = RuntimeClient.portable(folder);

        assertThat(client.command(512, "a.B::c"))
                .contains("-XX:MaxHeapSize=445645k")
                .endsWith("a.B::c");
    }
}
