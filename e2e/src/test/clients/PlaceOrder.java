import java.util.List;
import org.openapitools.client.ApiClient;
import org.openapitools.client.api.OrdersApi;
import org.openapitools.client.api.ProductsApi;
import org.openapitools.client.api.WalletApi;
import org.openapitools.client.model.Amount;
import org.openapitools.client.model.LineInput;
import org.openapitools.client.model.Order;
import org.openapitools.client.model.OrderInput;
import org.openapitools.client.model.ShopPage;
import org.openapitools.client.model.ShopPageProduct;

/** Buys the first product of the page that there is. Takes the BFF's URL and a key, prints the order's id and its status. */
public final class PlaceOrder {
    public static void main(String[] args) throws Exception {
        ApiClient bff = new ApiClient();
        bff.updateBaseUri(args[0]);
        String key = args[1];

        ShopPage page = new ProductsApi(bff)
                .shopPage(ProductsApi.APIShopPageRequest.newBuilder().limit(20).build());
        ShopPageProduct product = page.getProducts().stream()
                .filter(each -> each.getInventory() != null && each.getInventory() > 0)
                .findFirst()
                .orElseThrow();
        new WalletApi(bff)
                .topUp(WalletApi.APITopUpRequest.newBuilder()
                        .idempotencyKey(key)
                        .amount(new Amount().amount(product.getPrice()))
                        .build());
        Order order = new OrdersApi(bff)
                .placeOrder(OrdersApi.APIPlaceOrderRequest.newBuilder()
                        .idempotencyKey(key)
                        .orderInput(new OrderInput()
                                .products(List.of(new LineInput()
                                        .id(product.getProductId())
                                        .price(product.getPrice())
                                        .quantity(1)))
                                .shippingTo("Tula"))
                        .build());
        Order read = new OrdersApi(bff)
                .order(OrdersApi.APIOrderRequest.newBuilder().id(order.getOrderId()).build());
        System.out.println(read.getOrderId() + " " + read.getStatus().getValue());
    }
}
