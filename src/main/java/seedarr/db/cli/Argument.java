package seedarr.db.cli;

import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * An option or a parameter of a command. They are declared by calls, not by picocli's annotations: to read those by
 * reflection took 35 ms of each start.
 *
 * @param otherwise its value where it is not given
 */
record Argument<T>(ArgSpec spec, T otherwise) {

    T get() {
        T value = spec.getValue();
        return value == null ? otherwise : value;
    }

    /** Adds an option without a value. */
    static Argument<Boolean> flag(CommandSpec command, OptionSpec.Builder option, String description) {
        return add(command, option.type(boolean.class).description(description), false);
    }

    /** Adds an option with a value. */
    static <T> Argument<T> option(
            CommandSpec command,
            OptionSpec.Builder option,
            String label,
            Class<T> type,
            T otherwise,
            String description) {
        return add(command, option.paramLabel(label).type(type).description(description), otherwise);
    }

    private static <T> Argument<T> add(CommandSpec command, OptionSpec.Builder builder, T otherwise) {
        OptionSpec option = builder.build();
        command.addOption(option);
        return new Argument<>(option, otherwise);
    }

    /** Adds the command's one parameter; it has to be given, unless there is a value for when it is not. */
    static <T> Argument<T> parameter(
            CommandSpec command, String label, Class<T> type, T otherwise, String description) {
        PositionalParamSpec parameter = PositionalParamSpec.builder()
                .index("0")
                .arity(otherwise == null ? "1" : "0..1")
                .required(otherwise == null)
                .paramLabel(label)
                .type(type)
                .description(description)
                .build();
        command.addPositional(parameter);
        return new Argument<>(parameter, otherwise);
    }
}
