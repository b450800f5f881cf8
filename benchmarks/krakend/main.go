// Package main is KrakenD's engine as a peer of our page: products, favorites and cart of the benchmark's back ends, merged.
//
// It cannot ask for the inventory of the products that it has just got, as our page does: what it leaves out is its advantage.
package main

import (
	"fmt"
	"log"
	"os"
	"strconv"
	"time"

	"github.com/luraproject/lura/v2/config"
	"github.com/luraproject/lura/v2/logging"
	"github.com/luraproject/lura/v2/proxy"
	"github.com/luraproject/lura/v2/router/gin"
)

func main() {
	port, err := strconv.Atoi(os.Getenv("BFF_PORT"))
	if err != nil {
		log.Fatal("BFF_PORT, the port to listen on, must be a number; PRODUCTS_URL, FAVORITES_URL and CART_URL name the back ends")
	}
	part := func(name, url, path string) *config.Backend {
		return &config.Backend{Host: []string{os.Getenv(url)}, URLPattern: path, IsCollection: true, Group: name}
	}
	service := config.ServiceConfig{
		Version: config.ConfigVersion,
		Port:    port,
		Timeout: time.Second,
		Endpoints: []*config.EndpointConfig{{
			Endpoint: "/products/all",
			Method:   "GET",
			Backend: []*config.Backend{
				part("products", "PRODUCTS_URL", "/products"),
				part("favorites", "FAVORITES_URL", "/users/3/favorites"),
				part("cart", "CART_URL", "/users/3/cart"),
			},
		}},
	}
	if err := service.Init(); err != nil {
		log.Fatal(err)
	}
	logger, err := logging.NewLogger("ERROR", os.Stderr, "krakend")
	if err != nil {
		log.Fatal(fmt.Errorf("no logger: %w", err))
	}
	gin.DefaultFactory(proxy.DefaultFactory(logger), logger).New().Run(service)
}
