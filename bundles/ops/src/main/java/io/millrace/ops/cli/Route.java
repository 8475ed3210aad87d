package io.millrace.ops.cli;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One request of the API.
 *
 * @param path as it is sent, case and all
 * @param changes whether it changes the node: another site's page must not send it
 * @param required parameters without which it is refused, asked for in this order
 * @param answer what is done and answered
 */
record Route(String path, boolean changes, List<String> required, Function<Form, Answer> answer) {

    /** One that only looks. */
    static Route get(String path, Function<Form, Answer> answer) {
        return new Route(path, false, List.of(), answer);
    }

    /** One that changes the node. */
    static Route set(String path, Function<Form, Answer> answer, String... required) {
        return new Route(path, true, List.of(required), answer);
    }

    /** The answer to a request with these parameters. */
    Answer to(Form form) {
        Optional<String> missing =
                required.stream().filter(name -> form.value(name).isEmpty()).findFirst();
        return missing.map(name -> Answer.wrong("missing form param: " + name)).orElseGet(() -> answer.apply(form));
    }
}
