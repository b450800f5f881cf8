package org.vitrina.bff.shop;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The templates in {@code templates/shop}, with the data that each is made of. */
@CheckedTemplate(basePath = "shop")
final class Templates {
    private Templates() {}

    /** A page up to where its parts are put in. */
    static native TemplateInstance frame(Frame frame);

    /** The places for the products of a list. */
    static native TemplateInstance grid(List<Frame.Place> places);

    /** A number beside an entry of the navigation; null where it is not known. */
    static native TemplateInstance count(String place, @Nullable Integer lines);

    static native TemplateInstance search(Home.Search search);

    static native TemplateInstance categories(List<Home.Chip> chips);

    static native TemplateInstance cards(Home.Cards cards);

    static native TemplateInstance stock(List<StockLine> lines);

    /** What declared parts say. */
    static native TemplateInstance facts(List<FactLine> lines);

    /** What is to be said of a whole list. */
    static native TemplateInstance said(String text);

    static native TemplateInstance catalogueAway(String retry);

    static native TemplateInstance error(ErrorPage.View page);

    static native TemplateInstance missing(String retry);

    static native TemplateInstance repeat(String action, String text, List<Form.Field> fields);

    static native TemplateInstance cart(CartLines.View view);

    static native TemplateInstance favorites(FavoritesPageResource.View view);

    static native TemplateInstance product(ProductPageResource.View view);

    /** @param other path of the form that asks with other numbers */
    static native TemplateInstance prediction(String text, String other);

    static native TemplateInstance keeper(KeeperPageResource.Shelf shelf);

    static native TemplateInstance keeperProduct(KeeperPageResource.Article article);

    static native TemplateInstance keeperStock(KeeperPageResource.Warehouse warehouse);

    static native TemplateInstance askModel(AskModelResource.Question question);

    static native TemplateInstance modelSaid(AskModelResource.Said said);

    static native TemplateInstance checkout(CheckoutResource.View view);

    static native TemplateInstance signIn(SessionResource.Choice choice);

    static native TemplateInstance leaving(SessionResource.Leaving page);

    static native TemplateInstance orders(OrderReads.Orders page);

    static native TemplateInstance order(OrderReads.Order order, String path);

    static native TemplateInstance wallet(String balance, String key);

    static native TemplateInstance notifications(List<NotificationsPageResource.Told> all);

    /** The resilience page but for its live part. */
    static native TemplateInstance ops(OpsPage page);

    static native TemplateInstance orderPast(OrderPast order);

    static native TemplateInstance opsLive(OpsView live);

    static native TemplateInstance experiments(ExperimentsPage page);
}
