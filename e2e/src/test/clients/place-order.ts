// Buys the first product of the page that there is. Takes the BFF's URL and a key, prints the order's id and its status.
import { Configuration, OrdersApi, ProductsApi, WalletApi } from './index';

declare const process: { argv: string[] };

async function main([basePath, key]: string[]): Promise<void> {
    const bff = new Configuration({ basePath });

    const page = await new ProductsApi(bff).shopPage({ limit: 20 });
    const product = page.products.find((each) => (each.inventory ?? 0) > 0);
    if (product?.price == null) {
        throw new Error('nothing is there to be bought');
    }
    await new WalletApi(bff).topUp({ idempotencyKey: key, amount: { amount: product.price } });
    const order = await new OrdersApi(bff).placeOrder({
        idempotencyKey: key,
        orderInput: {
            products: [{ id: product.productId!, price: product.price, quantity: 1 }],
            shippingTo: 'Tula',
        },
    });
    const read = await new OrdersApi(bff).order({ id: order.orderId! });
    console.log(`${read.orderId} ${read.status}`);
}

void main(process.argv.slice(2));
