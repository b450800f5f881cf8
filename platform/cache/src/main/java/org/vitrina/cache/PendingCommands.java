package org.vitrina.cache;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What was sent on one connection and not answered yet, the oldest first. */
final class PendingCommands {
    private final ArrayDeque<ServerCommand> commands = new ArrayDeque<>();

    void add(ServerCommand command) {
        commands.add(command);
    }

    @Nullable
    ServerCommand peek() {
        return commands.peek();
    }

    @Nullable
    ServerCommand poll() {
        return commands.poll();
    }

    int size() {
        return commands.size();
    }

    /** Those that were added since the last time have left now. */
    void sent(long now) {
        for (Iterator<ServerCommand> each = commands.descendingIterator(); each.hasNext(); ) {
            ServerCommand command = each.next();
            if (command.isSent()) {
                break;
            }
            command.sent(now);
        }
    }

    /** When the oldest was sent that has not expired. */
    OptionalLong oldestSentAt() {
        return commands.stream()
                .filter(command -> !command.expired && command.isSent())
                .mapToLong(ServerCommand::sentAt)
                .findFirst();
    }

    @Nullable
    ServerCommand oldestLookup() {
        for (ServerCommand command : commands) {
            if (command.lookup != null && command.isSent()) {
                return command;
            }
        }
        return null;
    }

    /** Those sent before and not expired so far expire; they stay. */
    List<ServerCommand> expire(long sentBefore) {
        List<ServerCommand> late = commands.stream()
                .filter(command -> command.isOverdue(sentBefore))
                .toList();
        late.forEach(command -> command.expired = true);
        return late;
    }

    List<ServerCommand> takeAll() {
        List<ServerCommand> all = List.copyOf(commands);
        commands.clear();
        return all;
    }
}
