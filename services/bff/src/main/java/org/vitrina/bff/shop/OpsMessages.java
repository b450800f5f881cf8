package org.vitrina.bff.shop;

import io.quarkus.qute.i18n.Message;
import io.quarkus.qute.i18n.MessageBundle;

/** The words of the resilience page, in English; in Russian they are in {@code messages/ops_ru.properties}. */
@MessageBundle("ops")
public interface OpsMessages {
    @Message("Everybody gets whole pages.")
    String moodComplete();

    @Message("Pages come, and say what is missing or old.")
    String moodDegraded();

    @Message("Some pages cannot be made right now.")
    String moodFailed();

    @Message("Nobody is asking for pages right now.")
    String moodQuiet();

    @Message("This is replica {name}; it tells of itself alone.")
    String replica(String name);

    @Message("The map")
    String map();

    @Message(
            "Pages: {rate} a second; {busy} being served of {limit} at once; {waiting} waiting; {rejected} a second turned away.")
    String front(String rate, int busy, int limit, int waiting, String rejected);

    @Message("Replicas of the BFF")
    String replicas();

    @Message("Replica")
    String replicaName();

    @Message("this one")
    String here();

    @Message("Pages/s")
    String pagesPerSecond();

    @Message("What callers get")
    String mood();

    @Message("whole pages")
    String shortComplete();

    @Message("incomplete pages")
    String shortDegraded();

    @Message("failures")
    String shortFailed();

    @Message("nobody asks")
    String shortQuiet();

    @Message("Served, of at most")
    String serving();

    @Message("{busy} of {limit}")
    String ofLimit(int busy, int limit);

    @Message("Queue")
    String queue();

    @Message("Open circuits")
    String openCircuits();

    @Message("none")
    String none();

    @Message("pages")
    String pages();

    @Message("{rate}/s · p50 {half} ms · p99 {most} ms")
    String line(String rate, String half, String most);

    @Message("no calls yet")
    String idle();

    @Message("not asked")
    String open();

    @Message("being probed")
    String halfOpen();

    @Message("fault on")
    String faultOn();

    @Message("replicas: {replicas}")
    String replicasOf(int replicas);

    @Message("replicas: {replicas}, not well: {notWell}")
    String replicasNotWell(int replicas, long notWell);

    @Message("What callers got")
    String got();

    @Message(
            "Two minutes, second by second, now at the right. Below: when a fault was on, and when a circuit was open.")
    String gotText();

    @Message("Complete: {pages}")
    String complete(long pages);

    @Message("Degraded, {reason}: {pages}")
    String degraded(String reason, long pages);

    @Message("Failed (5xx): {pages}")
    String failed(long pages);

    @Message("{pages} a second")
    String aSecond(String pages);

    @Message("fault in {name}")
    String laneFault(String name);

    @Message("circuit of {name}")
    String laneOpen(String name);

    @Message("Figures")
    String figures();

    @Message("Service")
    String service();

    @Message("Calls/s")
    String calls();

    @Message("Errors/s")
    String errors();

    @Message("p50, ms")
    String half();

    @Message("p99, ms")
    String most();

    @Message("Circuit")
    String breaker();

    @Message("closed")
    String closed();

    @Message("Retries/s")
    String retries();

    @Message("Second asks/s")
    String hedges();

    @Message("Not asked/s")
    String rejected();

    @Message("Budget")
    String budget();

    @Message("Cache {name}")
    String cache(String name);

    @Message("{hits} hits, {stale} old copies, {misses} misses a second")
    String cacheText(String hits, String stale, String misses);

    @Message("What happened")
    String events();

    @Message("Nothing yet.")
    String noEvents();

    @Message("A fault began in {name}.")
    String eventFaultBegun(String name);

    @Message("The fault in {name} has ended.")
    String eventFaultEnded(String name);

    @Message("The circuit of {name} opened: it is not asked any more.")
    String eventOpen(String name);

    @Message("A single call finds out whether {name} is well again.")
    String eventProbes(String name);

    @Message("The circuit of {name} closed: it is asked again.")
    String eventClosed(String name);

    @Message("Pages are incomplete, and say so.")
    String eventDegraded();

    @Message("Pages could not be made.")
    String eventFailed();

    @Message("Pages are whole again.")
    String eventComplete();

    @Message("Faults that are on")
    String faults();

    @Message("None.")
    String noFaults();

    @Message("{service}: {what} for {share} of {route}, ends in {ends}; {met} requests met it.")
    String fault(String service, String what, String share, String route, String ends, long met);

    @Message("begins in {begins}")
    String begins(String begins);

    @Message("Try a fault")
    String tryHeading();

    @Message("A fault is in one service, and ends by itself, also if this page is closed or its server killed.")
    String tryText();

    @Message(
            "Faults cannot be tried here: that is for local runs and trials (vitrina.faults.enabled; in the chart, faults.enabled).")
    String tryOff();

    @Message("Kind")
    String kind();

    @Message("silence (hangs)")
    String kindHang();

    @Message("errors")
    String kindError();

    @Message("slowness")
    String kindLatency();

    @Message("connections reset")
    String kindReset();

    @Message("Share of requests, %")
    String share();

    @Message("Slower by, ms")
    String delay();

    @Message("Only below this path")
    String route();

    @Message("For, seconds")
    String seconds();

    @Message("Switch on")
    String switchOn();

    @Message("End all faults")
    String endAll();

    @Message("Seed")
    String seed();

    @Message("Three minutes of troubles by this seed")
    String schedule();

    @Message("Send five pages a second from this browser")
    String send();

    @Message("Stop sending")
    String sendNoMore();

    @Message("A tour in six steps")
    String tour();

    @Message(
            "Open the shop in a second tab and look: every product has its stock. Let this browser send pages, so that there is something to see here.")
    String tourOne();

    @Message(
            "Freeze inventory for a minute: it takes every request and answers none. Reload the shop: products come at once, stock is as of some seconds ago, or unknown, and says so.")
    String tourTwo();

    @Message(
            "Watch the map: the first pages wait for inventory, then its circuit opens and nobody waits any more. The line turns red, the pages stay fast.")
    String tourThree();

    @Message(
            "Wait for the end of the minute: a single call asks inventory, the circuit closes, and pages are whole again, by themselves.")
    String tourFour();

    @Message(
            "Let a third of the cart’s answers be errors: calls are tried again, within a budget, and hardly a visitor sees it.")
    String tourFive();

    @Message(
            "Make the catalogue slow by two seconds: copies stand in early, with their age. Then end all faults; nothing is left of them.")
    String tourSix();

    @Message("Freeze inventory")
    String tourFreeze();

    @Message("Let the cart err")
    String tourErr();

    @Message("Slow the catalogue")
    String tourSlow();

    @Message("Open the shop")
    String tourShop();

    @Message(
            "Some users are served by another release of a service, each always by the same one. What that does to orders, errors and times is here.")
    String experimentsText();

    @Message(
            "Nobody has confirmed these experiments for {age}: the Redis that replicas share is away, and they go on as they were.")
    String experimentsOld(String age);

    @Message(
            "Shares in %, times in ms, each with the interval that has the true value with 95 % confidence. A difference in bold is one; watched daily, one in several such is chance.")
    String experimentsFigures();

    @Message("It is running, until {until}.")
    String experimentRunning(String until);

    @Message("It is stopped: everybody has the usual release.")
    String experimentStopped();

    @Message("It is over since {until}: everybody has the usual release.")
    String experimentExpired(String until);

    @Message("Variant")
    String variant();

    @Message("Share of users, %")
    String shareOfUsers();

    @Message("Users")
    String users();

    @Message("Have ordered, %")
    String conversion();

    @Message("Calls")
    String callsMade();

    @Message("Errors, %")
    String errorsShare();

    @Message("Slow, %")
    String slowShare();

    @Message("Mean time, ms")
    String meanTime();

    @Message("{variant} less default")
    String lessDefault(String variant);

    @Message("Stop it")
    String experimentStop();

    @Message("Remove it")
    String experimentRemove();

    @Message("Begin an experiment")
    String experimentBegin();

    @Message("Name")
    String experimentName();

    @Message("For, hours")
    String hours();

    @Message("There are no experiments: everybody has the usual releases.")
    String noExperiments();

    @Message(
            "There is nothing to try: no service has another release (vitrina.experiments.variants; in the chart, variants of a service).")
    String noVariants();

    @Message("What was decided")
    String experimentHistory();

    @Message("{by} has changed {experiment}: {from} → {to}.")
    String experimentChange(String by, String experiment, String from, String to);

    @Message("One order")
    String orderHeading();

    @Message("Order id")
    String orderId();

    @Message("Show")
    String orderShow();

    @Message("User")
    String orderUser();

    @Message("Placed")
    String orderPlaced();

    @Message("It waits at step {step} for {on}; tries beyond the first: {tries}; next one: {next}.")
    String orderWaits(String step, String on, int tries, String next);

    @Message("Nothing is left to be done.")
    String orderSettled();

    @Message("What it has been through")
    String orderSteps();

    @Message("No step has ended yet.")
    String orderNoSteps();

    @Message("Step")
    String orderStep();

    @Message("Status then")
    String orderStatus();

    @Message("Tries")
    String orderTries();

    @Message("Ended")
    String orderEnded();

    @Message("Led by")
    String orderLedBy();

    @Message("Events on their way")
    String orderEvents();

    @Message("None: what was to be told has been taken.")
    String orderNoEvents();

    @Message("SMS")
    String orderMessages();

    @Message("None.")
    String orderNoMessages();

    @Message("tries: {tries}")
    String orderTried(int tries);

    @Message("notifications did not say: {reason}.")
    String orderMessagesMissing(String reason);

    @Message("To the resilience page")
    String orderBack();
}
