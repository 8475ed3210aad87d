package io.millrace.ops.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ops.AdminServer;
import io.millrace.ops.FakeNode;
import io.millrace.settings.PasswordFile;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.http.HttpResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The door in front of the framework's console. */
class ConsoleServletTest {

    private static final String RIGHT = ConsolePasswordTest.basic("admin:" + ConsolePasswordTest.PASSWORD);

    @TempDir
    private Path folder;

    private final List<String> passed = new CopyOnWriteArrayList<>();
    private AdminServer server;

    @BeforeEach
    void open() throws Exception {
        Files.writeString(folder.resolve(PasswordFile.NAME), ConsolePasswordTest.QUICK);
        ConsolePassword password = new ConsolePassword(new ConsolePasswordTest.Settings(folder.toString()));
        server = new AdminServer(0, Map.of("/system/*", new ConsoleServlet(new FakeNode(), password, new Bridge(), () -> Set.of("a.Idle"))));
    }

    @AfterEach
    void close() {
        server.close();
    }

    private final class Bridge extends HttpServlet {

        private static final long serialVersionUID = 1;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            passed.add(request.getMethod() + " " + request.getPathInfo());
            response.getWriter().print("<html><head><title>x</title></head>{\"name\":\"a.Idle\",\"state\":\"unsatisfied"
                    + " (reference)\"},{\"name\":\"a.Other\",\"state\":\"unsatisfied (reference)\"}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/system/console/configMgr", "/system/console/configMgr/io.millrace.ops", "/system/console/configMgr;a=b/x",
        "/system/console/%63onfigMgr/x", "/system/./console/configMgr/x"
    })
    void theFrameworksFormChangesNothingAndLeadsToOurs(String path) throws Exception {
        for (String method : List.of("POST", "DELETE", "PUT")) {
            HttpResponse<String> answer = server.send(method, path, "Authorization", RIGHT);
            assertTrue(answer.statusCode() == 403 || answer.statusCode() == 400, method + answer.statusCode());
            if (answer.statusCode() == 403) {
                assertTrue(answer.body().contains("changed at /system/console/settings,"), answer.body());
            }
        }
        assertEquals(List.of(), passed);
    }

    @Test
    void whoLooksForTheFrameworksFormFindsOurs() throws Exception {
        HttpResponse<String> all = server.send("GET", "/system/console/configMgr", "Authorization", RIGHT);
        assertEquals(302, all.statusCode());
        assertTrue(all.headers().firstValue("Location").orElseThrow().endsWith("/system/console/settings"));
        HttpResponse<String> one =
                server.send("GET", "/system/console/configMgr/io.millrace.http~admin", "Authorization", RIGHT);
        assertTrue(one.headers()
                .firstValue("Location")
                .orElseThrow()
                .endsWith("/system/console/settings?pid=io.millrace.http%7Eadmin"));
    }

    @Test
    void aPageFitsAPhoneAndCallsUnsatisfiedOnlyWhatIsWrong() throws Exception {
        String page = server.send("GET", "/system/console/components", "Authorization", RIGHT).body();
        assertTrue(page.startsWith("<html><head><meta name=\"viewport\""), page);
        assertTrue(page.contains("\"a.Idle\",\"state\":\"not in this role\""), page);
        assertTrue(page.contains("\"a.Other\",\"state\":\"unsatisfied (reference)\""), page);
    }

    @Test
    void theFrameworksEmptyLogLeadsToOurs() throws Exception {
        HttpResponse<String> answer = server.send("GET", "/system/console/logs", "Authorization", RIGHT);
        assertEquals(302, answer.statusCode());
        assertTrue(answer.headers().firstValue("Location").orElseThrow().endsWith("/system/console/log"));
    }

    @Test
    void otherPagesPassWithThePasswordOnly() throws Exception {
        assertEquals(401, server.get("/system/console/settings").statusCode());
        assertEquals(403, server.send(
                        "POST", "/system/console/settings", "Authorization", RIGHT, "Origin", "http://evil.example")
                .statusCode());
        assertEquals(200, server.send("POST", "/system/console/settings", "Authorization", RIGHT).statusCode());
        assertEquals(List.of("POST /console/settings"), passed);
    }
}
