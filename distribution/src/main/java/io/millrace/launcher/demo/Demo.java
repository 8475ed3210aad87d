package io.millrace.launcher.demo;

import io.millrace.launcher.Home;
import java.util.List;

public final class Demo {
    private Demo() {}

    public static int run(Home home, List<String> words) throws Exception {
        return 0;
    }
}
