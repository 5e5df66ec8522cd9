#include <iostream>

int main()
{
    std::cout << "kino\n";
}
