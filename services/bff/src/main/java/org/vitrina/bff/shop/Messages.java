package org.vitrina.bff.shop;

import io.quarkus.qute.i18n.Message;
import io.quarkus.qute.i18n.MessageBundle;

/** All words of the pages, in English; in Russian they are in {@code messages/msg_ru.properties}. */
@MessageBundle
public interface Messages {
    @Message("Vitrina")
    String shop();

    @Message("Skip to the content")
    String skip();

    @Message("Main")
    String navigation();

    @Message("Catalogue")
    String catalogue();

    @Message("Favorites")
    String favorites();

    @Message("Cart")
    String cart();

    @Message("Orders")
    String orders();

    @Message("Wallet")
    String wallet();

    @Message("Messages")
    String notifications();

    @Message("not known right now")
    String notKnown();

    @Message("yes")
    String yes();

    @Message("no")
    String no();

    @Message("You are customer {user}")
    String customer(int user);

    @Message("Customer")
    String customerLabel();

    @Message("Switch")
    String change();

    @Message("Sign in")
    String signIn();

    @Message("Sign out")
    String signOut();

    @Message("Customer {number}")
    String customerNumber(int number);

    @Message("Nobody is signed in")
    String signedOut();

    @Message("Demonstration: anybody can be any customer here. Nothing you enter is private.")
    String demoBanner();

    @Message("Who would you like to be?")
    String signInHeading();

    @Message(
            "This shop is a demonstration, so there is no password: choose a customer, or somebody who works here. A real one asks your identity provider.")
    String signInText();

    @Message("Customers")
    String signInCustomers();

    @Message("People who work here")
    String signInStaff();

    @Message("Shopkeeper")
    String signInAdmin();

    @Message("Names, prices, stock")
    String signInAdminMay();

    @Message("Operator")
    String signInOperator();

    @Message("The resilience page, faults on trial")
    String signInOperatorMay();

    @Message("Another customer’s number")
    String signInOther();

    @Message("Please sign in")
    String signedOutHeading();

    @Message("This belongs to a customer, and nobody is signed in, or the session has ended. Nothing was changed.")
    String signedOutText();

    @Message("You are not signed in")
    String signInFailedHeading();

    @Message(
            "Signing in did not come to its end: it took too long, was begun in another browser, or was refused. Nothing was changed.")
    String signInFailedText();

    @Message("You are signed out here")
    String leavingHeading();

    @Message("Your identity provider is next: it signs you out too.")
    String leavingText();

    @Message("Sign out there")
    String leavingLink();

    @Message("Language")
    String language();

    @Message(
            "Everything you see was put together from small services. What one of them cannot say in time is left out, and said so.")
    String about();

    @Message("Good things, on hand today")
    String homeHeading();

    @Message("Everything")
    String everything();

    @Message("Categories")
    String categories();

    @Message("Add to cart")
    String addToCart();

    @Message("Add “{name}” to the cart")
    String addToCartNamed(String name);

    @Message("Add “{name}” to favorites")
    String like(String name);

    @Message("Price on request")
    String noPrice();

    @Message("checking stock…")
    String checkingStock();

    @Message("Stock unknown right now")
    String stockUnknown();

    @Message("Sold out")
    String soldOut();

    @Message("Only {count} left")
    String fewLeft(int count);

    @Message("{count} in stock")
    String inStock(int count);

    @Message("{text}, as of {age} ago")
    String asOf(String text, String age);

    @Message("{count} s")
    String seconds(long count);

    @Message("{count} min")
    String minutes(long count);

    @Message("{count} h")
    String hours(long count);

    @Message("More products")
    String more();

    @Message("Nothing here yet.")
    String nothing();

    @Message("We found nothing for “{words}”. Try fewer words, or only the beginning of one.")
    String nothingFound(String words);

    @Message("Search for products")
    String searchLabel();

    @Message("What are you looking for?")
    String searchHint();

    @Message("Search")
    String searchDo();

    @Message("Show all")
    String searchAll();

    @Message("The catalogue does not answer right now, so this list is as of {age} ago.")
    String catalogueOld(String age);

    @Message(
            "Stock of {count} products is not known right now; they can be ordered all the same, and the order checks.")
    String stockMissing(int count);

    @Message(
            "The catalogue is not to be reached right now. Your cart, orders and money are safe. This page tries again by itself in a few seconds.")
    String catalogueAway();

    @Message("Try again")
    String tryAgain();

    @Message("To the shop")
    String toTheShop();

    @Message("There is nothing at this address")
    String notFoundHeading();

    @Message("The page may have moved, or the address has a slip. Everything we sell is in the shop.")
    String notFoundText();

    @Message("This was not understood")
    String badHeading();

    @Message("The address or the form says something that cannot be. Nothing was changed.")
    String badText();

    @Message("Not right now")
    String failedHeading();

    @Message(
            "A part of the shop does not answer at this moment. Try again in a few seconds; a form that is sent again is never carried out twice.")
    String failedText();

    @Message("This page is not for you")
    String forbiddenHeading();

    @Message("It is for people who work here, or somebody else’s. Sign in as one of them to see it.")
    String forbiddenText();

    @Message("This form is too old")
    String expiredHeading();

    @Message("It was made before you signed in, so nothing was done. Open the page anew and send it again.")
    String expiredText();

    @Message("This did not come from the shop")
    String foreignHeading();

    @Message("The request came from another site, so nothing was done. Open the shop and do it from there.")
    String foreignText();

    @Message("{lines} in the cart")
    String linesInCart(String lines);

    @Message("{lines} favorites")
    String linesOfFavorites(String lines);

    @Message("Next")
    String next();

    @Message("Checkout")
    String checkout();

    @Message("Product {id}")
    String product(int id);

    @Message(
            "This cannot be told right now: the service behind it does not answer. Nothing is lost. Try again in a few seconds.")
    String missingText();

    @Message("Order {id}")
    String order(String id);

    @Message("Quantity of “{name}”")
    String quantityOf(String name);

    @Message("Save")
    String save();

    @Message("Remove")
    String remove();

    @Message("Remove “{name}”")
    String removeNamed(String name);

    @Message("Total")
    String total();

    @Message("To the checkout")
    String toCheckout();

    @Message("Your cart is empty.")
    String cartEmpty();

    @Message("You have no favorites yet.")
    String favoritesEmpty();

    @Message("You have not ordered anything yet.")
    String ordersEmpty();

    @Message("There are no messages yet.")
    String notificationsEmpty();

    @Message("Look around in the catalogue")
    String toCatalogue();

    @Message(
            "Names or prices of some products are not known right now, so the order cannot be placed at this moment. Your cart is safe.")
    String pricesUnknown();

    @Message("Not sold any more")
    String notSold();

    @Message("Something in the cart is not for sale. Remove it to order the rest.")
    String unsold();

    @Message("Put these back into the cart")
    String putBack();

    @Message("Where to")
    String address();

    @Message("Town, street, house, flat")
    String addressHint();

    @Message("Phone for messages about the order (optional)")
    String phone();

    @Message("Place the order")
    String placeOrder();

    @Message("This form has a key of its own: sent twice, it is still one order.")
    String onceOnly();

    @Message("Send again")
    String sendAgain();

    @Message("It is not known yet")
    String repeatHeading();

    @Message(
            "The service has not confirmed in time. It may be done or not; sending again is safe, it is never done twice.")
    String repeatText();

    @Message("Not done")
    String notDoneHeading();

    @Message("The service cannot be reached right now, and nothing was changed. Send again in a few seconds.")
    String notDoneText();

    @Message("Placed")
    String placedAt();

    @Message("Older")
    String older();

    @Message("Cancel this order")
    String cancelOrder();

    @Message("Look again")
    String refresh();

    @Message("Balance")
    String balance();

    @Message("Amount, roubles")
    String amount();

    @Message("Top up")
    String topUp();

    @Message("Sent twice, it is still one top-up.")
    String topUpOnce();

    @Message("The model’s prediction for this product: {value}")
    String prediction(String value);

    @Message("The model has not said anything about this product yet.")
    String noPrediction();

    @Message("The model’s prediction is not known right now.")
    String predictionUnknown();

    @Message("To favorites")
    String likeIt();

    @Message("The catalogue does not answer right now: price and name are as of {age} ago.")
    String productOld(String age);

    @Message("Being checked")
    String statePending();

    @Message("Confirmed")
    String stateConfirmed();

    @Message("Not placed")
    String stateRejected();

    @Message("Being cancelled")
    String stateCancelling();

    @Message("Cancelled")
    String stateCancelled();

    @Message("It came to nothing; whatever was taken is back.")
    String stateRejectedWhy();

    @Message("Money and stock are being settled. This page looks again by itself.")
    String movesText();

    @Message("sent")
    String noteSent();

    @Message("being sent")
    String noteSending();

    @Message("no phone was given")
    String noteNoPhone();

    @Message("not needed any more")
    String noteSuppressed();

    @Message("could not be delivered")
    String noteDead();

    @Message("In your cart.")
    String toldAdded();

    @Message("It was in your cart already; nothing was changed.")
    String toldWasInCart();

    @Message("Your cart is saved.")
    String toldCartSaved();

    @Message("Among your favorites.")
    String toldLiked();

    @Message("No favorite any more.")
    String toldUnliked();

    @Message("What was in the order is in your cart again.")
    String toldPutBack();

    @Message(
            "That page was opened for another customer than the one chosen now, so nothing was done. What you see now is the chosen customer’s.")
    String toldOtherCustomer();

    @Message("Thank you! Your order is placed and confirmed.")
    String toldPlaced();

    @Message("Your order is accepted and being checked. You need not send it again.")
    String toldPending();

    @Message("This form was sent before: this is the one order it became. Nothing was ordered twice.")
    String toldPlacedBefore();

    @Message("This form was sent before with other content. What it did then stands here; nothing was done now.")
    String toldKeyUsed();

    @Message("The money is in your wallet.")
    String toldToppedUp();

    @Message("This form was sent before: the money was added once, then. Nothing was added now.")
    String toldToppedUpBefore();

    @Message("The order is cancelled; money and stock are back.")
    String toldCancelled();

    @Message("The order is being cancelled; money and stock are on their way back.")
    String toldCancelling();

    @Message("There is not enough money in the wallet. Nothing was taken.")
    String toldNoMoney();

    @Message("Something in the order is not in stock in that quantity. Nothing was taken.")
    String toldOutOfStock();

    @Message("A price has changed since the page was opened. The new prices are here; please look and decide.")
    String toldPriceChanged();

    @Message(
            "Your orders have changed since this page was opened, perhaps in another tab. Nothing was ordered now; look, and send again if you want a further one.")
    String toldOrdersChanged();

    @Message(
            "That was not done: the service cannot be reached right now. Nothing was changed; try again in a few seconds.")
    String toldNotDone();

    @Message("It is not known yet whether that was done. Doing it again is safe.")
    String toldUnknown();

    @Message("That was refused; nothing was changed. Please check what you entered.")
    String toldRefused();

    @Message(
            "A form that you sent was not answered here. It may be done or not; sending it again is safe, it is never done twice.")
    String unanswered();

    @Message("The fault is switched on. It ends by itself.")
    String toldFaultOn();

    @Message("The faults are switched off.")
    String toldFaultOff();

    @Message("That was not switched: the service takes no such fault, or its management port does not answer.")
    String toldFaultNot();

    @Message("The experiment is changed, for all replicas.")
    String toldExperiment();

    @Message(
            "Nothing was changed: another experiment runs on that service, or the Redis that replicas share does not answer.")
    String toldExperimentNot();

    @Message("Experiments")
    String toExperiments();

    @Message("How it is doing")
    String toOps();

    @Message("Ask the model")
    String askModel();

    @Message(
            "Ten numbers that describe a product, as the model knows them. They go to the model by a queue; its answer comes on the next page, usually within a second.")
    String askModelText();

    @Message("Feature {number}")
    String feature(int number);

    @Message("Ask")
    String askDo();

    @Message("Sent twice, it is still one question.")
    String askOnce();

    @Message("Ask with other numbers")
    String askWithOthers();

    @Message("What the model says")
    String modelHeading();

    @Message("The model has your question and has not answered yet. This page looks again by itself.")
    String modelWaits();

    @Message("Prediction")
    String modelSays();

    @Message("Version of the model")
    String modelVersion();

    @Message("Ask again")
    String askAnew();

    @Message("This form was sent before: this is the one question it became.")
    String toldAskedBefore();

    @Message("Some of these are no numbers. Nothing was asked; please look at the marked fields.")
    String toldNoNumbers();

    @Message("The shop is busier than it can be")
    String busyHeading();

    @Message(
            "Too many people ask at the same moment, so this page was not made. It tries again by itself in a few seconds.")
    String busyText();

    @Message(
            "The form was not carried out, and nothing was changed. Go back and send it again in a few seconds; it is never carried out twice.")
    String busyFormText();

    @Message("The shop is opening")
    String openingHeading();

    @Message(
            "It has been started this moment and waits for what it needs. This page tries again by itself in a few seconds.")
    String openingText();

    @Message("For the keeper")
    String keeper();

    @Message("Products, prices, stock")
    String keeperHeading();

    @Message(
            "What is saved here is in the shop within a few seconds. Prices that customers have seen already are checked once more when they order.")
    String keeperText();

    @Message("Name")
    String productName();

    @Message("Price, roubles")
    String priceLabel();

    @Message("On hand in the warehouse")
    String onHand();

    @Message("{count} of them are reserved by orders.")
    String reservedNow(int count);

    @Message("All products")
    String allProducts();

    @Message("Saved. The shop shows it within a few seconds.")
    String toldKept();

    @Message(
            "It was changed meanwhile, so nothing was saved. What is so now stands here; look, and save again if it is still right.")
    String toldKeptChanged();

    @Message("Orders have reserved more than that. Nothing was changed.")
    String toldBelowReserved();
}
