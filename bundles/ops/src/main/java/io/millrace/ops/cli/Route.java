package io.millrace.ops.cli;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One request of the API.
 *
 * @param path as it is sent, case and all
 * @param changes whether it changes the node, and so takes a POST with a form
 * @param required parameters without which it is refused, asked for in this order
 * @param answer what is done and answered
 */
record Route(String path, boolean changes, List<String> required, Function<Form, CliAnswer> answer) {

    static Route get(String path, Function<Form, CliAnswer> answer) {
        return new Route(path, false, List.of(), answer);
    }

    static Route set(String path, Function<Form, CliAnswer> answer, String... required) {
        return new Route(path, true, List.of(required), answer);
    }

    String howToPost() {
        String form = required.stream().map(name -> name + "=VALUE").collect(Collectors.joining("&"));
        return path + " changes this node: send it with POST and its parameters as a form in the body, as in: curl -d '"
                + (form.isEmpty() ? "NAME=VALUE" : form) + "' ADDRESS" + path;
    }

    CliAnswer to(Form form) {
        Optional<String> missing =
                required.stream().filter(name -> form.value(name).isEmpty()).findFirst();
        return missing.map(name -> CliAnswer.wrong("missing form param: " + name)).orElseGet(() -> answer.apply(form));
    }
}
